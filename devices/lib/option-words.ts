/** What forms say about options that many models share. */
export const optionWords = {
  baudRate: 'Speed of the line, as the device is set: mostly what is filled in here',
  pollMs: 'The inputs are read every so many milliseconds',
  timeoutMs: 'The device must answer within so many milliseconds',
} as const
