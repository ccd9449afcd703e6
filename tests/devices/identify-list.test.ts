import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { descriptors } from '../../devices/code-scanners/hid-pos/layouts.ts'
import { diagnoseMachine } from '../../devices/identify/diagnose.ts'
import { listPorts } from '../../devices/identify/list-ports.ts'
import { findUser } from '../../devices/identify/permission.ts'
import { rootsUnder } from '../../devices/identify/roots.ts'
import { ptyCable } from '../../devices/link/pty.ts'
import { openSerial } from '../../devices/link/serial.ts'
import { type MachineTree, machineTree, type TreeUsb } from '../support/machine-tree.ts'

const keyboard = '05 01 09 06 a1 01 05 07 19 e0 29 e7 15 00 25 01 75 01 95 08 81 02 c0'
const mouse = '05 01 09 02 a1 01 09 01 a1 00 05 09 c0 c0'

const trees: MachineTree[] = []
afterEach(() => {
  for (const { root } of trees.splice(0)) rmSync(root, { recursive: true, force: true })
})

function machine(): MachineTree {
  const tree = machineTree()
  trees.push(tree)
  return tree
}

const ch340 = (socket: string): TreeUsb => ({ socket, identity: '1a86:7523', product: 'USB Serial' })
const byPath = (socket: string) => `pci-0000:00:14.0-usb-0:${socket}:1.0-port0`
const codes = (found: readonly { readonly code: string }[]) => found.map(({ code }) => code)

describe('The list of ports', () => {
  test('is empty on a bare machine', async () => {
    expect(await listPorts(machine().roots)).toEqual([])
  })

  test('names two adapters without serial numbers by their sockets', async () => {
    const tree = machine()
    const byId = 'usb-1a86_USB_Serial-if00-port0' // the system has one such name for both
    tree.serial('ttyUSB0', { usb: ch340('1-1'), byPath: byPath('1'), byId })
    tree.serial('ttyUSB1', { usb: ch340('1-2'), byPath: byPath('2') })
    const ports = await listPorts(tree.roots)
    expect(ports).toMatchObject([
      {
        id: `serial:${byPath('1')}`,
        transport: 'serial',
        path: join(tree.root, 'dev/serial/by-path', byPath('1')),
        node: join(tree.root, 'dev/ttyUSB0'),
        label: 'USB Serial (1a86:7523), socket 1-1',
        usb: { vendorId: 0x1a86, productId: 0x7523, socket: '1-1' },
        troubles: [],
      },
      { path: join(tree.root, 'dev/serial/by-path', byPath('2')), usb: { socket: '1-2' } },
    ])
    expect(ports[0]?.names).toHaveLength(3)
  })

  test('names an adapter by its serial number where that tells it from every other', async () => {
    const tree = machine()
    const ftdi = (socket: string, serial: string): TreeUsb => ({ socket, identity: '0403:6001', serial })
    tree.serial('ttyUSB0', { usb: ftdi('1-1', 'A5069RR4'), byId: 'usb-FTDI_A5069RR4', byPath: byPath('1') })
    tree.serial('ttyUSB1', { usb: ftdi('1-2', '0001'), byId: 'usb-FTDI_0001', byPath: byPath('2') })
    tree.serial('ttyUSB2', { usb: ftdi('1-3', 'SAME'), byId: 'usb-FTDI_SAME', byPath: byPath('3') })
    tree.serial('ttyUSB3', { usb: ftdi('1-4', 'SAME'), byPath: byPath('4') })
    expect((await listPorts(tree.roots)).map(({ id }) => id)).toEqual([
      'serial:usb-FTDI_A5069RR4',
      `serial:${byPath('2')}`,
      `serial:${byPath('3')}`,
      `serial:${byPath('4')}`,
    ])
  })

  test('prefers the name of a socket that every system has', async () => {
    const tree = machine()
    tree.serial('ttyUSB0', { usb: ch340('1-1'), byPath: 'pci-0000:00:14.0-usbv2-0:1:1.0-port0' })
    tree.link(`dev/serial/by-path/${byPath('1')}`, 'dev/ttyUSB0')
    expect((await listPorts(tree.roots))[0]?.id).toBe(`serial:${byPath('1')}`)
  })

  test('keeps the id of a port that comes back as another device file', async () => {
    const tree = machine()
    tree.serial('ttyUSB0', { usb: ch340('1-1'), byPath: byPath('1') })
    const [before] = await listPorts(tree.roots)
    for (const path of ['sys', 'dev']) tree.remove(path)
    tree.serial('ttyUSB7', { usb: ch340('1-1'), byPath: byPath('1') })
    const [after] = await listPorts(tree.roots)
    expect(after).toMatchObject({ id: before?.id, path: before?.path, node: join(tree.root, 'dev/ttyUSB7') })
  })

  test('shows the ports a PC has and leaves out those it only has names for', async () => {
    const tree = machine()
    tree.serial('ttyS0', { type: '4' })
    tree.serial('ttyS1', { type: '0' })
    tree.file('sys/devices/platform/serial8250/tty/ttyS2/uevent')
    tree.link('sys/devices/platform/serial8250/tty/ttyS2/device', 'sys/devices/platform/serial8250')
    tree.link('sys/class/tty/ttyS2', 'sys/devices/platform/serial8250/tty/ttyS2')
    tree.file('sys/class/tty/tty0/uevent')
    expect((await listPorts(tree.roots)).map(({ node }) => node)).toEqual([join(tree.root, 'dev/ttyS0')])
  })

  test('finds pseudo-terminals in a folder it is told, and nothing else that lies there', async () => {
    const tree = machine()
    const cable = ptyCable(join(tree.root, 'ports/scanner'))
    await cable.plug()
    tree.file('ports/notes.txt')
    const ports = await listPorts(rootsUnder(tree.root, [join(tree.root, 'ports')]))
    expect(ports).toMatchObject([{ id: `serial:${cable.path}`, path: cable.path, troubles: [] }])
    await cable.unplug()
  })

  test('finds printers, with what they tell of themselves', async () => {
    const tree = machine()
    const usb = { socket: '1-3', identity: '04b8:0202', product: 'TM-T88V', serial: 'J1' }
    tree.printer('lp0', { usb, id: 'MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;' })
    expect(await listPorts(tree.roots)).toMatchObject([
      {
        id: 'file:1-3',
        transport: 'file',
        path: join(tree.root, 'dev/usb/lp0'),
        printer: 'MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;',
      },
    ])
  })

  test('finds HID devices with what they say they are', async () => {
    const tree = machine()
    const usb = { socket: '1-4', identity: '1eab:0c06', product: 'FM430', serial: 'FA1' }
    tree.hid('hidraw0', { usb, descriptor: descriptors.newland })
    expect(await listPorts(tree.roots)).toMatchObject([
      {
        id: 'hid:1-4:1.0:8c02',
        path: '1eab:0c06',
        hid: [{ usagePage: 0x8c, usage: 0x02 }],
        usb: { serialNumber: 'FA1' },
        troubles: [],
      },
    ])
  })

  test('finds ID card readers that no driver of the system claims, and no device of no concern', async () => {
    const tree = machine()
    tree.usb({ socket: '1-5', identity: '0400:c35a', product: 'SAM' })
    tree.usb({ socket: '1-6', identity: '0bda:8153', product: 'Ethernet' })
    tree.usb({ socket: '1-7', identity: '05e3:0608', deviceClass: '09', product: 'Hub' })
    expect(await listPorts(tree.roots)).toMatchObject([
      { id: 'usb:1-5:0400:c35a', transport: 'usb', path: '0400:c35a', troubles: [] },
    ])
  })

  test('lets no device write control characters on a screen', async () => {
    const tree = machine()
    tree.serial('ttyUSB0', { usb: { ...ch340('1-1'), product: 'Nice\u001b[2Jdevice\u0007' } })
    expect((await listPorts(tree.roots))[0]?.usb?.product).toBe('Nice[2Jdevice')
  })

  test('can be carried by JSON', async () => {
    const tree = machine()
    tree.serial('ttyUSB0', { usb: ch340('1-1'), byPath: byPath('1') })
    tree.process({ pid: 7, program: 'screen', open: ['dev/ttyUSB0'] })
    const ports = await listPorts(tree.roots)
    expect(JSON.parse(JSON.stringify(ports))).toEqual(ports)
  })
})

describe('What is wrong with a port', () => {
  /** The kiosk's user of the tree, who is not whoever runs the tests. */
  async function asKiosk(tree: MachineTree, members = '') {
    tree.file('etc/passwd', 'root:x:0:0::/root:/bin/sh\nkiosk:x:4242:4242::/home/kiosk:/bin/sh\n')
    tree.file('etc/group', `terminals:x:${process.getgid?.()}:${members}\nkiosk:x:4242:\n`)
    const user = await findUser(tree.roots, 'kiosk')
    if (!user) throw new Error('the tree has no such user')
    return { ...tree.roots, user }
  }

  test('a user outside the group that may use serial ports', async () => {
    const tree = machine()
    tree.serial('ttyUSB0', { usb: ch340('1-1') })
    tree.file('dev/ttyUSB0', '', 0o660)
    expect((await listPorts(await asKiosk(tree, 'somebody')))[0]?.troubles).toMatchObject([
      { code: 'group-missing', cure: ['sudo usermod -aG terminals kiosk'] },
    ])
  })

  test('nothing, for a user who is in it', async () => {
    const tree = machine()
    tree.serial('ttyUSB0', { usb: ch340('1-1') })
    tree.file('dev/ttyUSB0', '', 0o660)
    const [port] = await listPorts(await asKiosk(tree, 'somebody,kiosk'))
    expect(port?.troubles).toEqual([])
  })

  test('udev rules that are not installed, do not speak of the device, or wait for a replug', async () => {
    const tree = machine()
    const usb = { socket: '1-4', identity: '0c2e:0b6a', product: 'Xenon', serial: 'X1' }
    tree.hid('hidraw0', { usb, descriptor: descriptors.honeywell, mode: 0o600 })
    const roots = await asKiosk(tree)
    const trouble = async () => (await listPorts(roots))[0]?.troubles[0]
    expect(await trouble()).toMatchObject({
      code: 'udev-rule-missing',
      cure: [
        expect.stringMatching(/^sudo cp \/.*\/config\/udev\/70-hall-kiosk\.rules \/etc\/udev\/rules\.d\/$/),
        'sudo udevadm control --reload',
        'sudo udevadm trigger',
        'sudo usermod -aG plugdev kiosk',
      ],
    })
    const otherMaker = 'SUBSYSTEM=="hidraw", ATTRS{idVendor}=="0536", MODE="0660"\n'
    tree.file('etc/udev/rules.d/70-hall-kiosk.rules', otherMaker)
    expect(await trouble()).toMatchObject({
      code: 'udev-rule-incomplete',
      cure: [
        expect.stringContaining('ATTRS{idVendor}=="0c2e", ATTRS{idProduct}=="0b6a"'),
        expect.anything(),
        expect.anything(),
      ],
    })
    const rules = readFileSync(join(import.meta.dirname, '../../config/udev/70-hall-kiosk.rules'))
    tree.file('etc/udev/rules.d/70-hall-kiosk.rules', rules)
    expect(await trouble()).toMatchObject({ code: 'replug-needed' })
  })

  test('the rule of the ID card reader counts for it, and that of scanners does not', async () => {
    const tree = machine()
    tree.usb({ socket: '1-5', identity: '0400:c35a' })
    const [port] = await listPorts(tree.roots)
    tree.file((port?.node ?? '').slice(tree.root.length + 1), '', 0o600)
    tree.file(
      'etc/udev/rules.d/70-hall-kiosk.rules',
      'SUBSYSTEM=="hidraw", ATTRS{idVendor}=="0400", MODE="0660"\n',
    )
    const roots = await asKiosk(tree)
    expect((await listPorts(roots))[0]?.troubles).toMatchObject([
      { code: 'udev-rule-incomplete', values: { rule: expect.stringContaining('SUBSYSTEM=="usb"') } },
    ])
  })

  test('another program that has it open, by name', async () => {
    const tree = machine()
    tree.serial('ttyUSB0', { usb: ch340('1-1') })
    tree.process({ pid: 812, program: 'minicom', open: ['dev/null', 'dev/ttyUSB0'] })
    expect((await listPorts(tree.roots))[0]).toMatchObject({
      heldBy: { pid: 812, program: 'minicom', kiosk: false },
      troubles: [{ code: 'port-held', cure: ['sudo kill 812'] }],
    })
  })

  test('no trouble, when it is the agent of this software', async () => {
    const tree = machine()
    tree.serial('ttyUSB0', { usb: ch340('1-1') })
    const command = ['/opt/hall-kiosk/node_modules/.bin/node', '/opt/hall-kiosk/kiosk-agent/start.ts']
    tree.process({ pid: 99_999_999, program: 'node', command, open: ['dev/ttyUSB0'] })
    expect((await listPorts(tree.roots))[0]).toMatchObject({ heldBy: { kiosk: true }, troubles: [] })
  })

  test('brltty and ModemManager, on the port and on the machine', async () => {
    const tree = machine()
    tree.serial('ttyUSB0', { usb: ch340('1-1') })
    tree.serial('ttyACM0', { usb: { socket: '1-2', identity: '0525:a4a7' } })
    tree.process({ pid: 400, program: 'brltty', open: ['dev/ttyUSB0'] })
    tree.process({ pid: 500, program: 'ModemManager' })
    const [acm, usb] = await listPorts(tree.roots)
    expect(codes(usb?.troubles ?? [])).toEqual(['brltty', 'modem-manager'])
    expect(codes(acm?.troubles ?? [])).toEqual(['modem-manager'])
    const all = await diagnoseMachine(tree.roots, {})
    expect(all.map(({ cure }) => cure.join())).toEqual([
      'sudo apt purge brltty',
      'sudo systemctl disable --now ModemManager',
    ])
  })

  test('ModemManager is no trouble where our rules keep it away', async () => {
    const tree = machine()
    tree.serial('ttyUSB0', { usb: ch340('1-1') })
    tree.process({ pid: 500, program: 'ModemManager' })
    const rules = readFileSync(join(import.meta.dirname, '../../config/udev/70-hall-kiosk.rules'))
    tree.file('etc/udev/rules.d/70-hall-kiosk.rules', rules)
    expect((await listPorts(tree.roots))[0]?.troubles).toEqual([])
    expect(await diagnoseMachine(tree.roots, {})).toEqual([])
  })

  test('a serial adapter whose port brltty has taken away', async () => {
    const tree = machine()
    tree.usb(ch340('1-1'))
    expect(codes((await listPorts(tree.roots))[0]?.troubles ?? [])).toEqual(['adapter-without-port'])
    tree.file('usr/lib/udev/rules.d/85-brltty.rules', 'ENV{PRODUCT}=="1a86/7523/*"\n')
    expect(codes((await listPorts(tree.roots))[0]?.troubles ?? [])).toEqual(['brltty'])
    tree.file('etc/udev/rules.d/85-brltty.rules', '')
    expect(codes((await listPorts(tree.roots))[0]?.troubles ?? [])).toEqual(['adapter-without-port'])
  })

  test('a USB printer without a device file', async () => {
    const tree = machine()
    tree.usb({ socket: '1-1', identity: '0416:5011', interfaceClass: '07' })
    expect((await listPorts(tree.roots))[0]?.troubles).toMatchObject([
      { code: 'printer-without-file', cure: ['sudo modprobe usblp', expect.anything()] },
    ])
  })

  test("the system's own console", async () => {
    const tree = machine()
    tree.serial('ttyS0', { type: '4' })
    tree.file('sys/class/tty/console/active', 'tty0 ttyS0\n')
    expect((await listPorts(tree.roots))[0]?.troubles).toMatchObject([
      { code: 'system-console', cure: ['sudo systemctl disable --now serial-getty@ttyS0.service'] },
    ])
  })

  test('a scanner that types like a keyboard', async () => {
    const tree = machine()
    tree.hid('hidraw0', {
      usb: { socket: '1-1', identity: '05e0:1200', product: 'DS457' },
      descriptor: keyboard,
    })
    tree.hid('hidraw1', {
      usb: { socket: '1-2', identity: '1234:5678', product: 'Barcode Reader' },
      descriptor: keyboard,
    })
    tree.hid('hidraw2', {
      usb: { socket: '1-3', identity: '046d:c31c', product: 'USB Keyboard' },
      descriptor: keyboard,
    })
    tree.hid('hidraw3', {
      usb: { socket: '1-4', identity: '046d:c077', product: 'Mouse' },
      descriptor: mouse,
    })
    const own = '06 00 ff 09 01 a1 01 c0'
    tree.hid('hidraw4', {
      usb: { socket: '1-5', identity: '05e0:0800', product: 'Scanner' },
      descriptor: own,
    })
    expect((await listPorts(tree.roots)).map(({ troubles }) => codes(troubles).join())).toEqual([
      'keyboard-wedge',
      'keyboard-wedge',
      '',
      '',
      '',
    ])
  })

  test('no keyboard wedge, where the same head reports its codes properly as well', async () => {
    const tree = machine()
    const usb = { socket: '1-1', identity: '0c2e:0b6a', product: 'Xenon' }
    tree.hid('hidraw0', { usb, descriptor: `${keyboard} ${descriptors.honeywell}` })
    expect((await listPorts(tree.roots))[0]).toMatchObject({
      hid: [{ usage: 6 }, { usagePage: 0x8c }],
      troubles: [],
    })
    const serial = { socket: '1-2', identity: '0c2e:0b61', product: 'Xenon serial' }
    tree.serial('ttyACM0', { usb: serial })
    tree.hid('hidraw1', { usb: serial, descriptor: keyboard })
    const codesOf = (await listPorts(tree.roots)).flatMap(({ troubles }) => codes(troubles))
    expect(codesOf).toEqual([])
  })

  test('two scanners that nothing tells apart', async () => {
    const tree = machine()
    const head = (socket: string, serial?: string) => ({
      socket,
      identity: '1eab:0c06',
      ...(serial && { serial }),
    })
    tree.hid('hidraw0', { usb: head('1-1'), descriptor: descriptors.newland })
    tree.hid('hidraw1', { usb: head('1-2'), descriptor: descriptors.newland })
    tree.hid('hidraw2', { usb: head('1-3', 'FA1'), descriptor: descriptors.newland })
    const ports = await listPorts(tree.roots)
    expect(ports.map(({ troubles }) => codes(troubles).join())).toEqual([
      'same-identity',
      'same-identity',
      '',
    ])
  })

  test('a library that HID and USB devices need', async () => {
    const missing = 'libusb-1.0.so.0: cannot open shared object file: No such file or directory'
    const load = () => Promise.reject(new Error(missing))
    expect(await diagnoseMachine(machine().roots, { 'node-hid': load, usb: load })).toMatchObject([
      { code: 'library-missing', cure: ['sudo apt install libusb-1.0-0'] },
    ])
  })
})

test('a pseudo-terminal is held by whoever opened it, and not by the device at its other end', async () => {
  const folder = join(machine().root, 'ports')
  const cable = ptyCable(join(folder, 'card'))
  await cable.plug()
  const ports = await listPorts(rootsUnder('/', [folder]))
  expect(ports.find(({ path }) => path === cable.path)).toMatchObject({ troubles: [] })
  expect(ports.find(({ path }) => path === cable.path)?.heldBy).toBeUndefined()
  const held = await openSerial(
    { type: 'serial', path: cable.path, baudRate: 9600 },
    new AbortController().signal,
  )
  const inUse = await listPorts(rootsUnder('/', [folder]))
  expect(inUse.find(({ path }) => path === cable.path)?.heldBy).toMatchObject({
    pid: process.pid,
    kiosk: true,
  })
  await held.close()
  await cable.unplug()
})
