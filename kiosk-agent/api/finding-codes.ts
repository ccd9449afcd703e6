/**
 * What tests and the morning proof find, and the values that come with it. Measured temperatures are hundredths of a degree as
 * text; `error` and `why` are English for the technician. Screens have words for each code.
 */
export const findingCodes = [
  // Any test
  'device-lost', // the device went away in the middle
  'cancelled',
  'time-over', // { seconds }: nobody did what was asked
  'test-failed', // { why }

  // print-slip
  'slip-printed', // { state }: "printed", "in-hand", "held-out"
  'slip-not-printed', // { state }: "failed", "incomplete", "unknown", "not-taken"
  'own-code-read', // the scanner read the code of this very slip; { characters }
  'other-code-read', // a code, but not that of this slip
  'no-scanner', // printed only: there is no scanner to read it back

  // read-card
  'card-read', // { name, number, layout }: masked
  'card-warning', // { warning }: "checksum", "date", "birth-mismatch", "sex-mismatch", "not-yet-valid", "expired"
  'card-problem', // { problem }: "hold-still", "present-again", "unrecognised", "unknown-layout"
  'sam-number', // { number }

  // read-code
  'code-read', // { bytes, charset, aim? }: never what it says
  'own-test-code',
  'not-own-code', // what somebody else may have printed

  // pulse-gate
  'pulse-confirmed',
  'pulse-unconfirmed', // the bytes went out, no proof came back; { error? }
  'pulse-not-sent', // { error }
  'passed', // { seconds }
  'nobody-passed', // { seconds }
  'passage-not-wired',
  'fire-not-wired',
  'fire-active',

  // compare-temperature
  'temperature-measured', // { body, ambient, samples, raw? }: means
  'temperature-unsteady', // { spread }
  'temperature-differs', // { reference, difference }: device less reference
  'no-temperature',
  'warming-up',
  'frozen', // its values stand still
  'offset-too-large', // { offset }: something else is wrong

  // lights-and-inputs
  'light-lit', // { device }
  'light-failed', // { device, error }
  'input-seen', // { input, state }: "presence", "call-button", "door"
  'no-lights',
  'no-input-seen',

  // Morning proof: devices
  'online',
  'not-online', // { state, error? }
  'not-configured', // { kind }
  'printer-ready',
  'printer-fault', // { fault }
  'paper-low',
  'paper-out',
  'cover-open',
  'room-measured', // { ambient, raw? }
  'sample-implausible', // { ambient, raw? }
  'gate-readable', // inputs and relay were read

  // Morning proof: the rest
  'clock-plausible', // { time, zone }
  'clock-before-build', // { time, build }
  'clock-before-ledger', // { time, ledger }
  'clock-differs', // { from, seconds }: "health-gateway"
  'zone-differs', // { zone, hall }: UTC offsets of the machine and of the hall, in minutes
  'disk-writes', // { megabytes, milliseconds }
  'disk-nearly-full', // { megabytes }
  'disk-full', // { megabytes }
  'disk-does-not-write', // { error }
  'ledger-sound', // { entries }
  'ledger-damaged', // { entry, why }
  'ledger-not-judged', // { why }
  'certificate-valid', // { until, days }
  'certificate-ends-soon', // { until, days }
  'certificate-ended', // { until }
  'certificate-not-read', // { why }
  'no-certificate', // nothing here uses one
  'slips-left', // { slips }
  'roll-unknown', // nothing is known of the roll before it is low
] as const
export type FindingCode = (typeof findingCodes)[number]
