/** Where a browser keeps whether single keys do something. Apart from the schemas: every page reads it. Pure. */

/**
 * Under this key of the browser's local storage the pages find "on" or "off" before anything is asked of the server.
 * Absent: on.
 */
export const SINGLE_KEYS_STORAGE = 'holdpoint:single-keys'
