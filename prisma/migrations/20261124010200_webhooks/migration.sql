-- Serves "do webhooks arrive": the attempts at one provider whose final status was seen last.
CREATE INDEX attempt_seen_final_last ON attempt (provider, seen_final_at DESC) WHERE seen_final_at IS NOT NULL;

-- Serves "may this webhook be about a call of ours whose answer is missing".
CREATE INDEX attempt_without_an_id ON attempt (provider, sent_at) WHERE response_id IS NULL AND provider_status IN ('sending', 'unknown');
