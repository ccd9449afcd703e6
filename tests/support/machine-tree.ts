import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { type PortRoots, rootsUnder } from '../../devices/identify/roots.ts'

export interface TreeUsb {
  /** "1-1.2" */
  readonly socket: string
  readonly identity: string
  readonly serial?: string
  readonly manufacturer?: string
  readonly product?: string
  readonly deviceClass?: string
  readonly interfaceClass?: string
}

export interface TreeProcess {
  readonly pid: number
  readonly program: string
  readonly command?: readonly string[]
  /** What it has open, as paths of the tree ("dev/ttyUSB0"). */
  readonly open?: readonly string[]
}

/** A machine made of files: /dev, /sys, /proc and /etc below a temporary folder, with the links a real one has. */
export interface MachineTree {
  readonly root: string
  readonly roots: PortRoots
  file(path: string, content?: string | Uint8Array, mode?: number): void
  link(path: string, target: string): void
  usb(device: TreeUsb): string
  serial(name: string, options?: { usb?: TreeUsb; byId?: string; byPath?: string; type?: string }): void
  hid(name: string, options: { usb: TreeUsb; descriptor: string; mode?: number }): void
  printer(name: string, options: { usb: TreeUsb; id?: string }): void
  process(process: TreeProcess): void
  remove(path: string): void
}

let nextDevice = 2

export function machineTree(): MachineTree {
  const root = mkdtempSync(join(tmpdir(), 'kiosk-machine-'))
  const at = (path: string) => join(root, path)

  const tree: MachineTree = {
    root,
    roots: rootsUnder(root),
    file(path, content = '', mode = 0o666) {
      mkdirSync(dirname(at(path)), { recursive: true })
      writeFileSync(at(path), content)
      // What a process may create is cut by its umask; a device file's mode is not.
      chmodSync(at(path), mode)
    },
    link(path, target) {
      mkdirSync(dirname(at(path)), { recursive: true })
      symlinkSync(relative(dirname(at(path)), at(target)), at(path))
    },
    usb({ socket, identity, serial, manufacturer, product, deviceClass = '00', interfaceClass = 'ff' }) {
      const [vendor = '', productId = ''] = identity.split(':')
      const folder = `sys/devices/pci0000:00/0000:00:14.0/usb1/${socket}`
      // A second interface of a device that is there already.
      if (existsSync(at(folder))) return `${folder}/${socket}:1.0`
      const device = nextDevice++
      const facts = {
        idVendor: vendor,
        idProduct: productId,
        serial,
        manufacturer,
        product,
        bDeviceClass: deviceClass,
        busnum: '1',
        devnum: String(device),
      }
      for (const [name, value] of Object.entries(facts))
        if (value !== undefined) tree.file(`${folder}/${name}`, `${value}\n`)
      tree.file(`${folder}/${socket}:1.0/bInterfaceClass`, `${interfaceClass}\n`)
      tree.link(`sys/bus/usb/devices/${socket}`, folder)
      tree.link(`sys/bus/usb/devices/${socket}:1.0`, `${folder}/${socket}:1.0`)
      tree.file(`dev/bus/usb/001/${String(device).padStart(3, '0')}`)
      return `${folder}/${socket}:1.0`
    },
    serial(name, { usb, byId, byPath, type } = {}) {
      const device = usb ? `${tree.usb(usb)}/${name}` : `sys/devices/pnp0/00:01/${name}`
      tree.file(`${device}/uevent`)
      tree.file(`${device}/tty/${name}/uevent`)
      tree.link(`${device}/tty/${name}/device`, device)
      if (type) tree.file(`${device}/tty/${name}/type`, `${type}\n`)
      tree.link(`sys/class/tty/${name}`, `${device}/tty/${name}`)
      tree.file(`dev/${name}`)
      if (byId) tree.link(`dev/serial/by-id/${byId}`, `dev/${name}`)
      if (byPath) tree.link(`dev/serial/by-path/${byPath}`, `dev/${name}`)
    },
    hid(name, { usb, descriptor, mode }) {
      const device = `${tree.usb({ interfaceClass: '03', ...usb })}/0003:0000.0001`
      tree.file(`${device}/report_descriptor`, Buffer.from(descriptor.replaceAll(' ', ''), 'hex'))
      tree.file(`${device}/uevent`, `HID_NAME=${usb.product ?? 'HID device'}\n`)
      tree.file(`${device}/hidraw/${name}/uevent`)
      tree.link(`${device}/hidraw/${name}/device`, device)
      tree.link(`sys/class/hidraw/${name}`, `${device}/hidraw/${name}`)
      tree.file(`dev/${name}`, '', mode)
    },
    printer(name, { usb, id }) {
      const device = tree.usb({ interfaceClass: '07', ...usb })
      if (id) tree.file(`${device}/ieee1284_id`, `${id}\n`)
      tree.file(`${device}/usbmisc/${name}/uevent`)
      tree.link(`${device}/usbmisc/${name}/device`, device)
      tree.link(`sys/class/usbmisc/${name}`, `${device}/usbmisc/${name}`)
      tree.file(`dev/usb/${name}`)
    },
    process({ pid, program, command = [program], open = [] }) {
      tree.file(`proc/${pid}/comm`, `${program}\n`)
      tree.file(`proc/${pid}/cmdline`, command.map((word) => `${word}\0`).join(''))
      mkdirSync(at(`proc/${pid}/fd`), { recursive: true })
      for (const [index, path] of open.entries()) symlinkSync(at(path), at(`proc/${pid}/fd/${index + 3}`))
    },
    remove: (path) => rmSync(at(path), { recursive: true, force: true }),
  }
  return tree
}
