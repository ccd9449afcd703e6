/** Why something about a device failed. Part of the API: added, deprecated, never silently renamed. */
export type DeviceErrorCode =
  | 'bad-config' // the device's block in the settings cannot work
  | 'not-found' // no such port or address
  | 'no-permission' // it is there, but this user may not open it
  | 'port-busy' // another program holds it
  | 'open-failed' // any other failure to open the link
  | 'link-lost' // the link broke while in use: cable, power, peer
  | 'link-closed' // we closed the link ourselves
  | 'wrong-device' // something answers there, but not this model
  | 'timeout' // no answer in time
  | 'bad-answer' // an answer that the protocol does not allow
  | 'refused' // the device understood and said no
  | 'expired' // the command was not sent, because its time was over
  | 'fire' // the fire input is active or unreadable: the lane is not ours now
  | 'out-of-service' // the device says it is broken
  | 'unsupported' // this model cannot do that

/**
 * The one error of this room. The message is for the technician: which device, what happened, what to do.
 * Screens never show it; they translate the code.
 */
export class DeviceError extends Error {
  override readonly name = 'DeviceError'
  readonly code: DeviceErrorCode

  constructor(code: DeviceErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** Whatever was thrown, as a DeviceError: a DeviceError stays itself, anything else becomes its cause. */
export function asDeviceError(error: unknown, code: DeviceErrorCode, context: string): DeviceError {
  if (error instanceof DeviceError) return error
  const detail = error instanceof Error ? error.message : String(error)
  return new DeviceError(code, `${context}: ${detail}`, { cause: error })
}
