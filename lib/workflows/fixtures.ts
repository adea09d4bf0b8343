/** A small workflow with a bit of everything, as somebody would write it, for tests to spoil. */
export const VALID = `# What this is for.
key: refund
name: Refund
description: Proposes a refund from a complaint.
kind: json
instructions: |
  Read the complaint.

  Propose a refund.
model: gpt-5.5
maxOutputTokens: 8000
tools:
  - type: function
    name: look_up_order
    description: Gives the order with this id.
    parameters:
      type: object
      properties:
        order_id: { type: string }
      required: [order_id]
      additionalProperties: false
    risk: read
    url: http://127.0.0.1:4477/look-up-order
  - type: function
    name: issue_refund
    description: Pays money back.
    touches: Pays money back to a customer
    parameters:
      type: object
      properties:
        order_id: { type: string }
        amount: { type: number }
      required: [order_id, amount]
      additionalProperties: false
    risk: write
    url: http://127.0.0.1:4477/issue-refund
maxInputCharacters: 100000
documents: { min: 1, max: 5 }
inputSchema:
  type: object
  properties:
    wish:
      type: string
      title: Wish
      maxLength: 200
  required: []
  additionalProperties: false
output:
  name: refund
  schema:
    type: object
    properties:
      answer:
        type: [string, "null"]
      findings:
        type: array
        items:
          type: object
          properties:
            claim: { type: string }
            citations:
              type: array
              items:
                type: object
                properties:
                  document: { type: string }
                  quote: { type: string }
                required: [document, quote]
                additionalProperties: false
          required: [claim, citations]
          additionalProperties: false
    required: [answer, findings]
    additionalProperties: false
evidence:
  claims: findings
  text: claim
review:
  approvals: 1
  requesterMayApprove: true
  dueHours: 24
  undoSeconds: 60
limits:
  deadlineMinutes: 120
  noProgressMinutes: 20
retry:
  maxAttempts: 4
  factor: 2
  capSeconds: 300
checks:
  - id: capital
    label: Each claim begins with a capital letter
    at: /findings/*/claim
    must: { be: matching, pattern: "^[A-Z]" }
  - id: short
    label: There is an answer
    at: /answer
    must: { be: present }
budget:
  perJobUsd: 2
  perDayUsd: 50
`
