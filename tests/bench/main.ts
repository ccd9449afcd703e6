import { setTimeout as sleep } from 'node:timers/promises'
import { inspect, parseArgs } from 'node:util'
import { builtScreens } from '../../kiosk-agent/built-screens.ts'
import { type PortedTerminal, portedTerminal } from '../support/ported-terminal.ts'
import { openScreen, type ScreenClient } from '../support/screen-client.ts'
import { admissionSection } from './admission.ts'
import { measureBundle } from './bundle.ts'
import { decisionSection } from './decision.ts'
import { load, machineFacts } from './machine.ts'
import { pacedSimulator } from './paced-devices.ts'
import { measureResources, memoryFigure } from './resources.ts'
import { measureSlips } from './slips.ts'
import { measureStart } from './start.ts'
import { type Section, table } from './table.ts'
import { measureHastyVisits, measureVisits } from './visits.ts'

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
})
const plans = {
  full: { starts: 5, cpuSeconds: 60, visits: 150, hastyVisits: 40, slipSeconds: 1 },
  quick: { starts: 2, cpuSeconds: 8, visits: 12, hastyVisits: 5, slipSeconds: 0.2 },
}
const CACHE_WRITTEN_MS = 4000
const plan = values.quick ? plans.quick : plans.full

if (values.help) process.stdout.write('npm run bench [-- --quick]   about six minutes, quick: under one\n')
else await bench()

/** Measures everything and prints it. A missed promise is printed as such and is no failure of the bench. */
async function bench(): Promise<void> {
  // Whoever builds the screens needs ten times the memory of whoever serves them: not one of the measured agents.
  await builtScreens()
  const loadBefore = load()
  const sections = [
    ...(await attempt('Start, resources, decision', measureTerminal)),
    ...(await attempt('Admission', async () => [await measureAdmission()])),
    ...(await attempt('Slips', async () => [measureSlips(plan.slipSeconds)])),
    ...(await attempt('Screens', async () => [await measureBundle()])),
  ]
  const kind = values.quick ? 'quick run: few measurements, p99 is the slowest one' : 'full run'
  const loads = `load ${loadBefore.toFixed(1)} before, ${load().toFixed(1)} after; much more than 1 means that others were at work`
  process.stdout.write(`Hall Kiosk bench, ${kind}\n${machineFacts()}\n${loads}\n\n${table(sections)}\n`)
}

/** What went wrong with one part must not cost the others. */
async function attempt(title: string, measure: () => Promise<Section[]>): Promise<Section[]> {
  try {
    return await measure()
  } catch (error) {
    return [{ title: `${title}: NOT MEASURED`, figures: [], notes: [inspect(error)] }]
  }
}

/** One agent with real ports, whose devices live in this process. */
async function measureTerminal(): Promise<Section[]> {
  await using terminal = await portedTerminal()
  const start = await measureStart(terminal, plan.starts)
  // Its second start: the first fills the compile cache, as the first start after the installation does, and writes it soon.
  await ready(terminal, () => sleep(CACHE_WRITTEN_MS))
  await terminal.kill()
  return await ready(terminal, async (screen, pid) => {
    const resources = await measureResources(pid, plan.cpuSeconds)
    const visits = await measureVisits(terminal, screen, plan.visits)
    const after = memoryFigure(`memory after ${plan.visits} visits, resident`, pid)
    return [start, { ...resources, figures: [...resources.figures, after] }, decisionSection(visits)]
  })
}

async function measureAdmission(): Promise<Section> {
  const paced = await hastyVisits(await portedTerminal({ simulator: pacedSimulator }))
  const unpaced = await hastyVisits(await portedTerminal())
  return admissionSection(paced, unpaced)
}

async function hastyVisits(terminal: PortedTerminal): Promise<number[]> {
  await using running = terminal
  return await ready(running, (screen) => measureHastyVisits(running, screen, plan.hastyVisits))
}

/** Starts the agent of a terminal, with one screen, and measures once all its devices are ready. */
async function ready<Result>(
  terminal: PortedTerminal,
  measure: (screen: ScreenClient, pid: number) => Promise<Result>,
): Promise<Result> {
  const screen = await openScreen(await terminal.start())
  try {
    const { pid } = terminal
    if (pid === undefined) throw new Error('the agent is gone')
    await screen.until(({ service }) => service.state === 'in-service', 'a terminal in service')
    return await measure(screen, pid)
  } catch (error) {
    throw new Error(`the bench could not go on; the agent said:\n${terminal.output().slice(-2000)}`, {
      cause: error,
    })
  } finally {
    screen.close()
  }
}
