import { DeviceError } from '../errors.ts'
import type { HidOptions, UsbOptions } from './link.ts'

/** "0400:c35a", as `lsusb` prints it. */
export function usbIdentity({
  vendorId,
  productId,
}: {
  readonly vendorId: number
  readonly productId: number
}): string {
  return `${fourDigits(vendorId)}:${fourDigits(productId)}`
}

/** What brings back a shared library that a native package misses, by the name the loader complains about. */
const debianPackages: readonly (readonly [string, string])[] = [
  ['libusb-1.0.so', 'libusb-1.0-0'],
  ['libudev.so', 'libudev1'],
  ['libstdc++.so', 'libstdc++6'],
  ['libgcc_s.so', 'libgcc-s1'],
]

/** Why a native package could not be loaded, and what to install. */
export function notLoaded(name: string, cause: unknown): DeviceError {
  const missing = missingLibrary(cause)
  const advice = missing
    ? `${missing.library} is missing; install it with "${missing.cure}"`
    : `the software for it could not be loaded (${asWords(cause)})`
  return new DeviceError('open-failed', `${name}: ${advice}`, { cause })
}

/** The shared library without which a native package cannot be loaded; undefined where that is not the reason. */
export function missingLibrary(
  cause: unknown,
): { readonly library: string; readonly cure: string } | undefined {
  const detail = asWords(cause)
  const [library, debian] = debianPackages.find(([file]) => detail.includes(file)) ?? []
  return library && debian ? { library, cure: `sudo apt install ${debian}` } : undefined
}

const asWords = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))

export function notPluggedIn(name: string, options: HidOptions | UsbOptions): DeviceError {
  const serial = options.serialNumber === undefined ? '' : ` with serial number ${options.serialNumber}`
  return new DeviceError(
    'not-found',
    `${name}: no such device${serial}; is it plugged in, and does "lsusb" list it?`,
  )
}

/** The device is there, but belongs to root: says which udev rule gives it to the kiosk's user. */
export function noPermission(name: string, options: HidOptions | UsbOptions, cause: unknown): DeviceError {
  const rule = usbRule(options.type === 'hid' ? 'hidraw' : 'usb', options)
  return new DeviceError(
    'no-permission',
    `${name}: no permission; put this line into /etc/udev/rules.d/70-hall-kiosk.rules, run "sudo udevadm control --reload", ` +
      `add the user to group plugdev and plug the device in again: ${rule}`,
    { cause },
  )
}

/** The udev rule that gives devices of one identity to the kiosk's user. */
export function usbRule(
  subsystem: 'hidraw' | 'usb',
  { vendorId, productId }: { readonly vendorId: number; readonly productId: number },
): string {
  // A hidraw device has its identity from a parent; a USB device is the one that has it.
  const attribute = subsystem === 'hidraw' ? 'ATTRS' : 'ATTR'
  return (
    `SUBSYSTEM=="${subsystem}", ${attribute}{idVendor}=="${fourDigits(vendorId)}", ` +
    `${attribute}{idProduct}=="${fourDigits(productId)}", TAG+="uaccess", GROUP="plugdev", MODE="0660"`
  )
}

const fourDigits = (id: number) => id.toString(16).padStart(4, '0')
