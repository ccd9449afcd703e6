/** The tests of devices. The ledger writes these names, so it must not cost it the whole contract of the console. */
export const testNames = [
  'print-slip', // printer: a slip whose QR code the scanner reads back
  'read-card', // id-card-reader: masked data of a card
  'read-code', // code-scanner: length, symbology, whether it is our own test code
  'pulse-gate', // gate: one pulse, its read-back, and somebody passing
  'compare-temperature', // thermometer: against a clinical one; the offset can be kept
  'lights-and-inputs', // auxiliaries: each light in turn, inputs as they change
] as const
