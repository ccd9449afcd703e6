/** The screens of the technician's console, in the order of a new device's way. */
export const viewNames = ['devices', 'identify', 'configure', 'test', 'wire', 'proof', 'accounts'] as const
export type ViewName = (typeof viewNames)[number]
