import type { HidUsage, UsbDescription } from './found.ts'

/** ID card readers with four bulk pipes (model `sam-usb`). */
export const samIdentity = '0400:c35a'

/** USB class of printers. */
export const printerClass = 0x07

/** Makers of chips between USB and a serial line: FTDI, Prolific, Silicon Labs, WCH. Their devices have a serial port or something is wrong. */
const adapterProducts: ReadonlyMap<number, readonly number[]> = new Map([
  [0x0403, [0x6001, 0x6010, 0x6011, 0x6014, 0x6015]],
  [0x067b, [0x2303, 0x23a3, 0x23b3, 0x23c3, 0x23d3]],
  [0x10c4, [0xea60, 0xea70, 0xea71]],
  [0x1a86, [0x7522, 0x7523, 0x5523, 0x55d2, 0x55d3, 0x55d4]],
])

export const isSerialAdapter = ({ vendorId, productId }: UsbDescription) =>
  adapterProducts.get(vendorId)?.includes(productId) ?? false

/** Makers of scan heads: Honeywell, Hand Held, Symbol and Zebra, PSC and Datalogic, Newland, Honeywell. */
const scannerMakers: readonly number[] = [0x0c2e, 0x0536, 0x05e0, 0x05f9, 0x1eab, 0x23d0]
const scannerWords = /scan|bar ?code|\bqr\b|imager|symbol|honeywell|newland|datalogic|metrologic|扫码|扫描/i

/** Whether somebody who looked at the maker and the words would say: that is a code scanner. */
export function looksLikeScanner({ vendorId, manufacturer = '', product = '' }: UsbDescription): boolean {
  return scannerMakers.includes(vendorId) || scannerWords.test(`${manufacturer} ${product}`)
}

/** Relay boards "USBRelay1" to "USBRelay8"; the identity is lent to everybody's gadgets, so maker and product decide. */
export const isDcttech = ({ vendorId, productId, manufacturer, product }: UsbDescription) =>
  vendorId === 0x16c0 &&
  productId === 0x05df &&
  manufacturer === 'www.dcttech.com' &&
  /^USBRelay[1-8]$/.test(product ?? '')

/** HID point of sale, code scanner (HID Point of Sale Usage Tables 1.02). */
export const posScanner: HidUsage = { usagePage: 0x8c, usage: 0x02 }
const keyboard: HidUsage = { usagePage: 0x01, usage: 0x06 }
const makersOwnPages = 0xff00

const sameUsage = (wanted: HidUsage) => (each: HidUsage) =>
  each.usagePage === wanted.usagePage && each.usage === wanted.usage

export const isPosScanner = (usages: readonly HidUsage[] = []) => usages.some(sameUsage(posScanner))
export const isKeyboard = (usages: readonly HidUsage[] = []) => usages.some(sameUsage(keyboard))

/** A HID device that this software may want to read: a scanner, or something only its maker knows. */
export const isOfInterest = (usages: readonly HidUsage[] = []) =>
  isPosScanner(usages) || usages.some(({ usagePage }) => usagePage >= makersOwnPages)
