import type { FoundPort, UsbDescription } from './found.ts'

/** A port before anybody asked what is wrong with it. */
export type SeenPort = Omit<FoundPort, 'troubles' | 'heldBy'>

/** "USB Serial (1a86:7523), socket 1-1.2". */
export function usbLabel(usb: UsbDescription, identity: string): string {
  const words = [usb.manufacturer, usb.product].filter((word) => word !== undefined).join(' ')
  return `${words || 'USB device'} (${identity}), socket ${usb.socket}`
}
