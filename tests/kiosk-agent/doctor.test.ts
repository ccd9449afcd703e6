import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { descriptors } from '../../devices/code-scanners/hid-pos/layouts.ts'
import { examineClock, examineRuntime } from '../../kiosk-agent/doctor/examine-system.ts'
import type { Finding } from '../../kiosk-agent/doctor/finding.ts'
import { type MachineTree, machineTree, type TreeUsb } from '../support/machine-tree.ts'
import { portedTerminal } from '../support/ported-terminal.ts'
import { ledgerIn, setting, temporaryFolder } from './support/ledger-fixture.ts'

const project = resolve(import.meta.dirname, '../..')
const rules = readFileSync(join(project, 'config/udev/70-hall-kiosk.rules'), 'utf8')

interface Verdict {
  readonly code: number | null
  readonly text: string
  readonly errors: string
}

/** `npm run doctor`, as a process. */
function doctor(...args: string[]): Promise<Verdict> {
  const command = ['--require', './kiosk-agent/preflight.cjs', 'kiosk-agent/doctor.ts', ...args]
  const child = spawn(process.execPath, command, { cwd: project })
  const output = { text: '', errors: '' }
  child.stdout.on('data', (data) => {
    output.text += data
  })
  child.stderr.on('data', (data) => {
    output.errors += data
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...output }))
  })
}

function machine(): MachineTree {
  const tree = machineTree()
  onTestFinished(() => rmSync(tree.root, { recursive: true, force: true }))
  return tree
}

type Device = { readonly id: string; readonly driver: string; readonly options: Record<string, unknown> }

/** A terminal that is not simulated, with these devices, and its data folder. */
function terminal(devices: readonly Device[]) {
  const folder = temporaryFolder()
  for (const part of ['halls', 'rules', 'terminals'])
    cpSync(join(project, 'config', part), join(folder, 'config', part), { recursive: true })
  const demo = JSON.parse(readFileSync(join(folder, 'config/terminals/ports.json'), 'utf8'))
  const file = join(folder, 'config/terminals/entry-1.json')
  writeFileSync(file, JSON.stringify({ ...demo, id: 'entry-1', devices }))
  const data = join(folder, 'data')
  mkdirSync(join(data, 'entry-1'), { recursive: true })
  return { file, data, args: ['--terminal', file, '--data', data] }
}

/** What a terminal's devices became, as its ledger has it. */
function readLedger(path: string, state: string): unknown[] {
  const db = new DatabaseSync(path, { readOnly: true })
  const rows = db.prepare("SELECT body FROM entries WHERE type = 'device'").all()
  db.close()
  return rows.map(({ body }) => JSON.parse(String(body))).filter((entry) => entry.state === state)
}

const ch340 = (socket: string): TreeUsb => ({ socket, identity: '1a86:7523', product: 'USB Serial' })
const byPath = (socket: string) => `pci-0000:00:14.0-usb-0:${socket}:1.0-port0`
const gateAt = (socket: string): Device => ({
  id: 'gate',
  driver: 'modbus-relay',
  options: { path: `/dev/serial/by-path/${byPath(socket)}` },
})

describe('npm run doctor', () => {
  test('finds nothing to mend on a bare machine with a simulated terminal', async () => {
    const { code, text } = await doctor('--root', machine().root, '--data', join(temporaryFolder(), 'data'))
    expect(text).toMatch(/Nothing to mend\.\n$/)
    expect(text).toContain('note    ports: no serial port, HID or USB device of a kiosk is plugged in')
    expect(text).not.toContain('FAULT')
    expect(code).toBe(0)
  })

  test('finds nothing to mend where everything is as it should be', async () => {
    const tree = machine()
    tree.serial('ttyUSB0', { usb: ch340('1-1'), byPath: byPath('1') })
    const scanner = { socket: '1-4', identity: '1eab:0c06', product: 'FM430', serial: 'FA1' }
    tree.hid('hidraw0', { usb: scanner, descriptor: descriptors.newland })
    tree.file('etc/udev/rules.d/70-hall-kiosk.rules', rules)
    tree.file('run/systemd/timesync/synchronized')
    const agent = ['node', '/opt/hall-kiosk/kiosk-agent/start.ts']
    tree.process({ pid: 99_999_999, program: 'node', command: agent, open: ['dev/ttyUSB0'] })
    const { args, data } = terminal([
      gateAt('1'),
      { id: 'scanner', driver: 'hid-pos', options: { device: '1eab:0c06', serialNumber: 'FA1' } },
    ])
    const ledger = await ledgerIn(join(data, 'entry-1'), { terminalId: 'entry-1' })
    await ledger.append(setting(1))
    const { code, text } = await doctor('--root', tree.root, ...args)
    expect(text).toMatch(/Nothing to mend\.\n$/)
    expect(text).toContain(
      `ok      gate: /dev/serial/by-path/${byPath('1')} is there, and the agent has it open`,
    )
    expect(text).toContain('ok      scanner: 1eab:0c06 is plugged in')
    expect(text).toContain('ok      udev rules: installed')
    expect(text).toContain('ok      ledger: sound, 3 entries')
    expect(text).toMatch(/ok {6}clock: .*, set by the network/)
    expect(code).toBe(0)
  })

  test('looks at a terminal whose agent is running, and takes nothing away from it', async () => {
    await using kiosk = await portedTerminal()
    await kiosk.start()
    const online = () => readLedger(kiosk.ledgerPath, 'online').length
    await vi.waitFor(() => expect(online()).toBeGreaterThanOrEqual(5), { timeout: 20_000 })
    const { text } = await doctor('--terminal', kiosk.terminalFile, '--data', kiosk.dataFolder)
    for (const device of ['card-reader', 'code-scanner', 'thermometer', 'gate'])
      expect(text).toMatch(new RegExp(`ok {6}${device}: .* is there, and the agent has it open`))
    expect(text).toMatch(/ok {6}ledger: sound, \d+ entries/)
    expect(readLedger(kiosk.ledgerPath, 'offline')).toEqual([])
  }, 40_000)

  test('names everything that is wrong, each with the command that cures it, and exits with 1', async () => {
    const tree = machine()
    tree.file('etc/passwd', 'kiosk:x:4242:4242::/home/kiosk:/bin/sh\n')
    tree.file('etc/group', `serial-users:x:${process.getgid?.()}:\nkiosk:x:4242:\n`)
    tree.serial('ttyUSB0', { usb: ch340('1-1'), byPath: byPath('1') })
    tree.file('dev/ttyUSB0', '', 0o660)
    tree.usb({ ...ch340('1-2'), product: 'Second Serial' })
    tree.process({ pid: 400, program: 'brltty' })
    tree.process({ pid: 500, program: 'ModemManager' })
    tree.process({ pid: 600, program: 'minicom', open: ['dev/ttyUSB0'] })
    const wedge = { socket: '1-3', identity: '05e0:1200', product: 'DS457' }
    const keyboard = '05 01 09 06 a1 01 05 07 19 e0 29 e7 15 00 25 01 75 01 95 08 81 02 c0'
    tree.hid('hidraw0', { usb: wedge, descriptor: keyboard })
    const { args, data } = terminal([
      gateAt('7'),
      { id: 'scanner', driver: 'hid-pos', options: { device: '1eab:0c06' } },
      { id: 'thermometer', driver: 'no-such-model', options: {} },
    ])
    const ledger = await ledgerIn(join(data, 'entry-1'), { terminalId: 'entry-1' })
    await ledger.append(setting(1), setting(2))
    await ledger.close()
    const db = new DatabaseSync(join(data, 'entry-1/ledger.sqlite'))
    db.exec(
      `DROP TRIGGER entries_never_change; UPDATE entries SET body = replace(body, '"version":1', '"version":9')`,
    )
    db.close()

    const { code, text } = await doctor('--root', tree.root, '--user', 'kiosk', ...args)
    const faults = text.split('\n').filter((line) => line.startsWith('FAULT') || line.startsWith('     '))
    expect(faults.join('\n')).toContain(`gate: /dev/serial/by-path/${byPath('7')} is not there`)
    expect(faults.join('\n')).toContain('scanner: no HID device 1eab:0c06 is plugged in')
    expect(faults.join('\n')).toContain(
      'thermometer: device "thermometer": no driver is called "no-such-model"',
    )
    expect(faults.join('\n')).toMatch(/udev rules: not installed.*\n {12}sudo cp .*70-hall-kiosk\.rules/)
    expect(faults.join('\n')).toMatch(
      /USB Serial .*kiosk is not in that group.*\n {12}sudo usermod -aG serial-users kiosk/,
    )
    expect(faults.join('\n')).toMatch(/USB Serial .*minicom \(process 600\).*\n {12}sudo kill 600/)
    expect(faults.join('\n')).toMatch(/ModemManager.*\n {12}sudo systemctl disable --now ModemManager/)
    expect(faults.join('\n')).toMatch(/Second Serial .*brltty.*\n {12}sudo apt purge brltty/)
    expect(faults.join('\n')).toMatch(/DS457 .*types like a keyboard/)
    expect(faults.join('\n')).toMatch(/ledger: .* is not sound at entry 3/)
    expect(text).toMatch(/\d+ things to mend\.\n$/)
    expect(code).toBe(1)
  })

  test('tells where a configuration is wrong, as JSON if that is wanted', async () => {
    const { file, args } = terminal([])
    writeFileSync(file, '{ "id": "entry-1" }')
    const { code, text } = await doctor('--json', '--root', machine().root, ...args)
    const findings: Finding[] = JSON.parse(text)
    const [role] = findings.filter(({ level }) => level === 'fault')
    expect(role?.message).toContain(`${file}: role: found nothing; expected`)
    expect(code).toBe(1)
  })

  test('exits with 2 when it cannot look', async () => {
    const [user, option, help] = await Promise.all([
      doctor('--root', machine().root, '--user', 'nobody-here'),
      doctor('--no-such-option'),
      doctor('--help'),
    ])
    expect([user.code, user.errors]).toEqual([2, expect.stringContaining('knows no user nobody-here')])
    expect([option.code, option.errors]).toEqual([2, expect.stringContaining('npm run doctor')])
    expect([help.code, help.text]).toEqual([0, expect.stringContaining('--terminal')])
  })
})

describe('The clock', () => {
  const root = '/nowhere'
  test('is wrong before this program was written, and before the newest entry of the ledger', async () => {
    const folder = temporaryFolder()
    const ledger = await ledgerIn(folder)
    await ledger.append(setting(1))
    const path = join(folder, 'ledger.sqlite')
    const level = async (now: number) => (await examineClock({ now, ledger: path, root }))[0]
    expect(await level(0)).toMatchObject({ level: 'fault', cure: ['timedatectl', expect.anything()] })
    expect(await level(Date.now() - 3_600_000)).toMatchObject({
      level: 'fault',
      message: expect.stringContaining('newest entry'),
    })
    expect(await level(Date.now())).toMatchObject({ level: 'note' })
  })

  test('is not judged by a ledger that cannot be read', async () => {
    expect(await examineClock({ now: Date.now(), ledger: '/nowhere', root })).toMatchObject([
      { level: 'note' },
    ])
  })
})

test('Another Node than the one of the project is a fault', () => {
  expect(examineRuntime('22.1.0')).toMatchObject({ level: 'fault', cure: ['npm ci'] })
  expect(examineRuntime('24.21.0').level).toBe('ok')
})
