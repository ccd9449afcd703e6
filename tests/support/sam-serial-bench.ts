import { samSerial } from '../../devices/id-card-readers/sam-serial/driver.ts'
import { simulateSamSerial } from '../../devices/id-card-readers/sam-serial/simulator.ts'
import type { DeviceEvent, IdCard } from '../../devices/kinds.ts'
import type { SamRequest } from '../../devices/lib/sam/codec.ts'
import type { SamSimulatorOptions } from '../../devices/lib/sam/simulated-reader.ts'
import { memoryLink } from '../../devices/link/memory.ts'
import { fakeClock } from './fake-clock.ts'

/** An invented woman with the specimen number of the standard. */
export const card: IdCard = {
  layout: 'resident',
  name: '测试甲',
  sex: 'female',
  nationCode: '01',
  nation: '汉',
  birth: '19491231',
  address: '北京市朝阳区测试路1号',
  idNumber: '11010519491231002X',
  issuingAuthority: '北京市公安局示例分局',
  validFrom: '20200101',
  validTo: undefined,
  warnings: [],
}
export const other: IdCard = { ...card, name: '测试丙', validTo: '20400101' }
export const told = (one: IdCard): DeviceEvent<'id-card-reader'> => ({ type: 'card', card: one })
export const problem = (name: string) => ({ type: 'card-problem', problem: name })

/** Whether a request is this command and parameter, 0x3001. */
export const is = (request: SamRequest, code: number) => request.command * 256 + request.parameter === code
export const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
export const fromHex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))

/** A reader on a cable that can be plugged again; `sent` is every request the driver wrote. */
export function bench(
  device: SamSimulatorOptions = {},
  settings: Record<string, unknown> = {},
  startAt?: number,
) {
  const clock = fakeClock(startAt)
  const faults: SamSimulatorOptions = { clock, ...device }
  const simulator = simulateSamSerial(faults)
  const events: unknown[] = []
  const logs: string[] = []
  const sent: string[] = []

  async function plug() {
    const { near, far, unplug } = memoryLink('serial test')
    simulator.attach(far)
    const write = near.write.bind(near)
    near.write = (bytes) => {
      sent.push(hex(bytes))
      return write(bytes)
    }
    const starting = samSerial.start({
      link: near,
      options: samSerial.options.parse({ path: 'memory', ...settings }),
      signal: near.closed,
      clock,
      log: (message, details) => logs.push(`${message} ${JSON.stringify(details ?? {})}`),
      emit: (event) => events.push(event),
    })
    return { commands: await clock.until(starting), near, far, unplug }
  }
  const { layCard, takeCard } = simulator.controls
  return { layCard, takeCard, clock, events, logs, sent, faults, plug }
}
