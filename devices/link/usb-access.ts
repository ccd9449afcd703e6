import { DeviceError } from '../errors.ts'
import type { HidOptions, UsbOptions } from './link.ts'

/** "0400:c35a", as `lsusb` prints it. */
export function usbIdentity({ vendorId, productId }: HidOptions | UsbOptions): string {
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
  const detail = cause instanceof Error ? cause.message : String(cause)
  const [library, debian] = debianPackages.find(([file]) => detail.includes(file)) ?? []
  const advice = debian
    ? `${library} is missing; install it with "sudo apt install ${debian}"`
    : `the software for it could not be loaded (${detail})`
  return new DeviceError('open-failed', `${name}: ${advice}`, { cause })
}

export function notPluggedIn(name: string, options: HidOptions | UsbOptions): DeviceError {
  const serial = options.serialNumber === undefined ? '' : ` with serial number ${options.serialNumber}`
  return new DeviceError(
    'not-found',
    `${name}: no such device${serial}; is it plugged in, and does "lsusb" list it?`,
  )
}

/** The device is there, but belongs to root: says which udev rule gives it to the kiosk's user. */
export function noPermission(name: string, options: HidOptions | UsbOptions, cause: unknown): DeviceError {
  const vendor = fourDigits(options.vendorId)
  const product = fourDigits(options.productId)
  const rule =
    options.type === 'hid'
      ? `SUBSYSTEM=="hidraw", ATTRS{idVendor}=="${vendor}", ATTRS{idProduct}=="${product}", TAG+="uaccess", GROUP="plugdev", MODE="0660"`
      : `SUBSYSTEM=="usb", ATTR{idVendor}=="${vendor}", ATTR{idProduct}=="${product}", TAG+="uaccess", GROUP="plugdev", MODE="0660"`
  return new DeviceError(
    'no-permission',
    `${name}: no permission; put this line into /etc/udev/rules.d/70-hall-kiosk.rules, run "sudo udevadm control --reload", ` +
      `add the user to group plugdev and plug the device in again: ${rule}`,
    { cause },
  )
}

const fourDigits = (id: number) => id.toString(16).padStart(4, '0')
