import type { TemperatureSample } from '../../../devices/kinds.ts'
import { type BodyOffset, LARGEST_OFFSET } from '../../../devices/lib/body-offset.ts'
import { commandsOf, type Procedure, type Running } from './procedure.ts'

/** So long somebody may take to stand there. */
const FIRST_MS = 30_000
const WINDOW_MS = 3000
/** Outside these nobody stands there. Hundredths of a degree. */
const PERSON = [3000, 4500] as const
/** Readings of one person who stands still. */
const STEADY = 60
/** What clinical thermometers differ by among themselves, and a little. */
const CLOSE_ENOUGH = 30

/** Measures somebody whose temperature a clinical thermometer has just told, and works out the correction. */
export const compareTemperature: Procedure = async (running) => {
  const { referenceCentiCelsius: reference } = running
  running.ask('look-at-thermometer')
  commandsOf(running, 'thermometer').attend?.(true)
  const samples = await measure(running)
  if (!samples) return false
  const mean = (values: readonly number[]) =>
    Math.round(values.reduce((sum, value) => sum + value, 0) / values.length)
  const bodies = samples.map(({ bodyCentiCelsius }) => bodyCentiCelsius)
  const raws = samples.flatMap(({ rawCentiCelsius: raw }) => (raw === undefined ? [] : [raw]))
  const body = mean(bodies)
  const spread = Math.max(...bodies) - Math.min(...bodies)
  running.find('temperature-measured', {
    body: String(body),
    ambient: String(mean(samples.map(({ ambientCentiCelsius }) => ambientCentiCelsius))),
    samples: String(samples.length),
    ...(raws.length > 0 ? { raw: String(mean(raws)) } : {}),
  })
  if (spread > STEADY) {
    running.find('temperature-unsteady', { spread: String(spread) }, false)
    return false
  }
  return reference === undefined || compare(running, body, reference)
}

/** The samples of one look; what stands in the way is told. */
async function measure(running: Running): Promise<TemperatureSample[] | undefined> {
  const samples: TemperatureSample[] = []
  const until = running.needs.clock.monotonic() + FIRST_MS
  let head: TemperatureSample['head'] = 'ok'
  const take = (sample: TemperatureSample): true | undefined => {
    head = sample.head
    const [low, high] = PERSON
    if (sample.head !== 'ok' || sample.bodyCentiCelsius < low || sample.bodyCentiCelsius > high)
      return undefined
    samples.push(sample)
    return true
  }
  const onePerson = (limitMs: number) =>
    running.waitFor({
      kind: 'thermometer',
      limitMs,
      take: (event) => (event.type === 'temperature' ? take(event.sample) : undefined),
    })
  if (!(await onePerson(until - running.needs.clock.monotonic()))) {
    running.find(head === 'ok' ? 'no-temperature' : head, {}, false)
    return undefined
  }
  const windowEnds = running.needs.clock.monotonic() + WINDOW_MS
  for (let rest = WINDOW_MS; rest > 0; rest = windowEnds - running.needs.clock.monotonic())
    if (!(await onePerson(rest))) break
  return samples
}

function compare(running: Running, body: number, reference: number): boolean {
  const difference = body - reference
  const close = Math.abs(difference) <= CLOSE_ENOUGH
  running.find('temperature-differs', { reference: String(reference), difference: String(difference) }, close)
  const offset = offsetOf(running) - difference
  if (Math.abs(offset) > LARGEST_OFFSET) {
    running.find('offset-too-large', { offset: String(offset) }, false)
    return false
  }
  running.offerOffset(offset)
  return close
}

/** What is added already: the new correction takes its place. */
function offsetOf({ needs, device }: Running): number {
  const { offset } = (needs.device(device)?.options ?? {}) as { offset?: BodyOffset }
  return offset?.centiCelsius ?? 0
}
