import type { Holder, Trouble } from './found.ts'
import { addRule, installRules } from './udev.ts'

/** Every trouble in words, with its cure. Nothing here looks at anything. */
export const trouble = {
  groupMissing: (port: string, group: string, user: string): Trouble => ({
    code: 'group-missing',
    message: `${port}: only root and the group ${group} may use it, and ${user} is not in that group; after the command, sign in again (or restart the service)`,
    cure: [`sudo usermod -aG ${group} ${user}`],
    values: { port, group, user },
  }),

  signInAgain: (port: string, group: string, user: string): Trouble => ({
    code: 'sign-in-again',
    message: `${port}: ${user} has been put into group ${group}, but signed in before that; sign in again or restart the machine`,
    cure: ['sudo reboot'],
    values: { port, group, user },
  }),

  ruleMissing: (port: string, user: string): Trouble => ({
    code: 'udev-rule-missing',
    message: `${port}: it belongs to root, because the udev rules of this software are not installed; after the commands, sign in again and plug the device in again`,
    cure: [...installRules, `sudo usermod -aG plugdev ${user}`],
    values: { port, user },
  }),

  ruleIncomplete: (port: string, rule: string): Trouble => ({
    code: 'udev-rule-incomplete',
    message: `${port}: it belongs to root, and the installed udev rules say nothing about this device; after the commands, plug it in again`,
    cure: addRule(rule),
    values: { port, rule },
  }),

  replugNeeded: (port: string): Trouble => ({
    code: 'replug-needed',
    message: `${port}: there is a udev rule for it, which works from the next time it is plugged in`,
    cure: ['sudo udevadm control --reload', 'sudo udevadm trigger'],
    values: { port },
  }),

  brltty: (port: string): Trouble => ({
    code: 'brltty',
    message: `${port}: the braille software brltty takes USB serial adapters for itself; remove it, then plug the adapter in again`,
    cure: ['sudo apt purge brltty'],
    values: { port },
  }),

  modemManager: (port: string): Trouble => ({
    code: 'modem-manager',
    message: `${port}: ModemManager asks serial ports whether they are modems; a device may take that for a command`,
    cure: ['sudo systemctl disable --now ModemManager'],
    values: { port },
  }),

  portHeld: (port: string, { program, pid }: Holder): Trouble => ({
    code: 'port-held',
    message: `${port}: the program ${program} (process ${pid}) has it open; end that program properly, or the process`,
    cure: [`sudo kill ${pid}`],
    values: { port, program, pid: String(pid) },
  }),

  systemConsole: (port: string, name: string): Trouble => ({
    code: 'system-console',
    message: `${port}: the system's own console speaks there; after the command, take "console=${name}" out of the kernel's command line and restart`,
    cure: [`sudo systemctl disable --now serial-getty@${name}.service`],
    values: { port, name },
  }),

  adapterWithoutPort: (port: string): Trouble => ({
    code: 'adapter-without-port',
    message: `${port}: a serial adapter, but the system made no serial port for it; plug it in again and read what the kernel says`,
    cure: ['sudo dmesg | tail -n 30'],
    values: { port },
  }),

  printerWithoutFile: (port: string): Trouble => ({
    code: 'printer-without-file',
    message: `${port}: a USB printer, but the system made no device file for it; after the commands, plug it in again`,
    cure: ['sudo modprobe usblp', 'echo usblp | sudo tee /etc/modules-load.d/hall-kiosk.conf'],
    values: { port },
  }),

  keyboardWedge: (port: string): Trouble => ({
    code: 'keyboard-wedge',
    message: `${port}: this scanner types like a keyboard, and what it types depends on focus and input method, loses Chinese text, and can be used to press keys; scan the set-up code for "USB virtual COM port" or "HID POS" from its manual`,
    cure: [],
    values: { port },
  }),

  sameIdentity: (port: string): Trouble => ({
    code: 'same-identity',
    message: `${port}: another device has the same identity, and neither has a serial number of its own; connect one of them by another interface, or take away one`,
    cure: [],
    values: { port },
  }),

  libraryMissing: (library: string, cure: string): Trouble => ({
    code: 'library-missing',
    message: `${library} is missing: HID and USB devices cannot be used without it`,
    cure: [cure],
    values: { library },
  }),
} as const
