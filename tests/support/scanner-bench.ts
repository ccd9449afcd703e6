import type { KeptDriver } from '../../devices/driver.ts'
import type { HeadSimulation, ScannerControls } from '../../devices/lib/simulated-head.ts'
import { memoryLink } from '../../devices/link/memory.ts'
import type { Simulator } from '../../devices/simulation.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'

export interface ScannerModel<Options, Controls extends ScannerControls> {
  readonly driver: KeptDriver<'code-scanner', Options>
  simulate(options: HeadSimulation): Simulator<Controls>
}

type Settings = Record<string, unknown>

/** A driver on one end of a cable, nothing yet on the other. */
export function scannerBench<Options>(
  driver: KeptDriver<'code-scanner', Options>,
  settings: Settings = {},
  clock: FakeClock = fakeClock(),
) {
  const { near, far, unplug } = memoryLink()
  const codes: string[] = []
  const aims: (string | undefined)[] = []
  const logged: unknown[] = []
  const start = () =>
    driver.start({
      link: near,
      options: driver.options.parse({ path: 'memory', ...settings }),
      signal: near.closed,
      clock,
      log: (message, details) => logged.push({ message, ...details }),
      emit: ({ bytes, aim }) => {
        codes.push(Buffer.from(bytes).toString('latin1'))
        aims.push(aim)
      },
    })
  /** What a stranger on the wire says. */
  const raw = async (bytes: Uint8Array | string) => {
    await far.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
    await clock.advance(0)
  }
  return { clock, near, far, unplug, codes, aims, logged, start, raw }
}

/** A driver that has greeted its simulated head. `settings` go to both, `device` to the head alone. */
export async function startedScanner<Options, Controls extends ScannerControls>(
  model: ScannerModel<Options, Controls>,
  settings: Settings = {},
  device: Settings = {},
) {
  const bench = scannerBench(model.driver, settings)
  const simulator = model.simulate({ ...settings, clock: bench.clock, ...device })
  simulator.attach(bench.far)
  const commands = await bench.clock.until(bench.start())
  const show = (code: string | Uint8Array) => bench.clock.until(simulator.controls.show(code))
  const trigger = (on: boolean) => {
    if (!commands.trigger) throw new Error('this driver has no trigger')
    return commands.trigger(on)
  }
  return { ...bench, simulator, controls: simulator.controls, commands, show, trigger }
}
