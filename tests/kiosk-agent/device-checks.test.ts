import { describe, expect, test } from 'vitest'
import type { Check } from '../../kiosk-agent/technician/proof/check.ts'
import { checkDevices } from '../../kiosk-agent/technician/proof/device-checks.ts'
import { type DeviceId, deviceTestBench } from './support/device-test-bench.ts'

async function proven(
  change: (bench: Awaited<ReturnType<typeof deviceTestBench>>) => void = () => {},
  { wanted, slip }: { wanted?: DeviceId[]; slip?: string } = {},
) {
  const bench = await deviceTestBench(wanted)
  const { clock, hub, needs, restart } = bench
  const restarted: string[] = []
  change(bench)
  await clock.advance(500)
  const checks = await clock.until(
    checkDevices({
      clock,
      devices: () => hub.devices,
      commands: needs.commands,
      restart(id) {
        restarted.push(id)
        restart(id)
      },
      listen: needs.listen,
      ...(slip === undefined ? {} : { printSlip: async () => slip }),
    }),
    120_000,
  )
  const of = (device: string): Check | undefined => checks.find((each) => each.device === device)
  const codes = (device: string) => of(device)?.findings.map(({ code }) => code)
  return { ...bench, checks, of, codes, restarted }
}

describe('Before opening, the devices', () => {
  test('are all good, nothing is printed and the gate is left alone', async () => {
    const { checks, controls, codes, restarted } = await proven()
    expect(checks.map(({ result }) => result)).toEqual(checks.map(() => 'good'))
    expect(controls.gate.pulses).toBe(0)
    expect(controls.printer.slips).toEqual([])
    expect(restarted).toEqual(['reader', 'scanner'])
    expect(codes('thermometer')).toEqual(['online', 'room-measured'])
    expect(codes('gate')).toEqual(['online', 'gate-readable'])
  })

  test.each<[string, DeviceId, Check['result'], string]>([
    ['a reader that is away', 'reader', 'bad', 'not-online'],
    ['a gate that is away', 'gate', 'bad', 'not-online'],
    ['a scanner that is away', 'scanner', 'limited', 'not-online'],
    ['a printer that is away', 'printer', 'limited', 'not-online'],
  ])('%s is found', async (_, device, result, code) => {
    const { of, codes } = await proven(({ unplug }) => unplug(device))
    expect(of(device)?.result).toBe(result)
    expect(codes(device)).toContain(code)
  })

  test('paper that is out or low, and a fire, are found', async () => {
    const out = await proven(({ controls }) => {
      controls.printer.setPaper('out')
      controls.gate.setFire(true)
    })
    expect(out.codes('printer')).toEqual(['online', 'paper-out', 'printer-fault'])
    expect(out.of('printer')?.result).toBe('limited')
    expect(out.codes('gate')).toContain('fire-active')
    const low = await proven(({ controls }) => controls.printer.setPaper('low'))
    expect(low.codes('printer')).toEqual(['online', 'paper-low', 'printer-ready'])
  })

  test('a slip is printed where one is wanted, and what became of it is told', async () => {
    expect((await proven(undefined, { slip: 'printed' })).codes('printer')).toContain('slip-printed')
    const failed = await proven(undefined, { slip: 'unknown' })
    expect(failed.of('printer')?.result).toBe('limited')
  })

  test('without a gate or a reader nobody can be let in', async () => {
    const { checks } = await proven(undefined, { wanted: ['scanner'] })
    expect(checks.filter(({ result }) => result === 'bad').map(({ findings }) => findings[0])).toMatchObject([
      { code: 'not-configured', values: { kind: 'id-card-reader' } },
      { code: 'not-configured', values: { kind: 'gate' } },
    ])
  })
})
