import { describe, expect, test } from 'vitest'
import type { CardPresence, Commands } from '../../devices/kinds.ts'
import { samModule } from '../../devices/lib/sam/codec.ts'
import { encodeCardText } from '../../devices/lib/sam/encode-card-text.ts'
import type { SamControls, SamSimulatorOptions } from '../../devices/lib/sam/simulated-reader.ts'
import type { AnyLink } from '../../devices/link/link.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import { card, fromHex, is, other, problem, told } from './sam-serial-bench.ts'

/** One cable between a driver and its simulated reader. */
export interface PluggedReader {
  readonly near: AnyLink
  readonly controls: SamControls
  unplug(): void
  /** A stranger's bytes, as this transport would bring them. */
  garble(): void
  start(session: {
    readonly signal: AbortSignal
    readonly clock: FakeClock
    log(message: string, details?: Record<string, unknown>): void
    emit(event: unknown): void
  }): Promise<Commands<'id-card-reader'>>
}

export type PlugReader = (device: SamSimulatorOptions, clock: FakeClock) => PluggedReader

export function readerBench(plug: PlugReader, device: SamSimulatorOptions = {}) {
  const clock = fakeClock()
  const faults = { clock, ...device }
  const reader = plug(faults, clock)
  const events: unknown[] = []
  const logs: string[] = []
  const start = () =>
    reader.start({
      signal: reader.near.closed,
      clock,
      log: (message, details) => logs.push(`${message} ${JSON.stringify(details ?? {})}`),
      emit: (event) => events.push(event),
    })
  return { ...reader, clock, faults, events, logs, start }
}

/** The question whether a card was left, which every one of these readers takes unless it was switched off. */
function present(commands: Commands<'id-card-reader'>): Promise<CardPresence> {
  if (!commands.stillThere) throw new Error('this reader cannot be asked')
  return commands.stillThere()
}

/** What every reader with a security module must stand, whatever carries its frames. */
export function samReaderContract(name: string, plug: PlugReader): void {
  async function started(device: SamSimulatorOptions = {}) {
    const bench = readerBench(plug, device)
    const commands = await bench.clock.until(bench.start())
    return { ...bench, commands, ...bench.controls }
  }

  describe(`${name}, as any reader with a security module`, () => {
    test('greets the module and tells its number', async () => {
      const { commands } = await started()
      expect(commands.samNumber).toBe('05.03-20240101-0001234567-0987654321')
    })

    test('tells a card once, and again when it is laid down again; nothing of it is logged', async () => {
      const { clock, layCard, takeCard, events, logs } = await started()
      layCard(card)
      await clock.advance(20_000)
      expect(events).toEqual([told(card)])
      takeCard()
      await clock.advance(300)
      layCard(other)
      await clock.advance(300)
      expect(events).toEqual([told(card), told(other)])
      for (const value of [card.name, card.idNumber, card.birth]) expect(logs.join()).not.toContain(value)
    })

    test('a card pulled away while it is read: hold still, and the next try works', async () => {
      const { clock, layCard, events } = await started({ removeDuringRead: true })
      layCard(card)
      await clock.advance(1000)
      layCard(card)
      await clock.advance(300)
      expect(events).toEqual([problem('hold-still'), told(card)])
    })

    test('an answer that carries fingerprints is read, and they are left behind', async () => {
      const head = [1, 0, 4, 0, 4, 0]
      const data = Uint8Array.from([...head, ...encodeCardText(card), ...new Uint8Array(2048).fill(0x5a)])
      const answer = samModule.encode({ status: 0x90, sw1: 0, sw2: 0, data })
      const { clock, layCard, events } = await started({
        bytes: (request) => (is(request, 0x3001) ? answer : undefined),
      })
      layCard(card)
      await clock.advance(1000)
      expect(events[0]).toEqual(told(card))
      expect(JSON.stringify(events)).not.toContain('ZZ')
    })

    test('reads cards after garbage came', async () => {
      const { clock, layCard, events, garble } = await started()
      garble()
      await clock.advance(2000)
      layCard(card)
      await clock.advance(3000)
      expect(events).toEqual([told(card)])
    })

    test('half an answer and then silence: the visitor is told, and the next read works', async () => {
      let torn = 1
      const half = fromHex('aaaaaa96690005050505')
      const { clock, layCard, events, near } = await started({
        bytes: (request) => (is(request, 0x3001) && torn-- > 0 ? half : undefined),
      })
      layCard(card)
      await clock.advance(15_000)
      expect(events).toEqual([problem('present-again'), told(card)])
      expect(near.closed.aborted).toBe(false)
    })

    test('an answer that comes too late is never taken for the next one', async () => {
      let late = 1
      const { clock, layCard, events } = await started({
        deviceMs: (request) => (is(request, 0x3001) && late-- > 0 ? 5300 : 0),
      })
      layCard(card)
      await clock.advance(20_000)
      expect(events).toEqual([problem('present-again')])
    })

    test('knows whether the card told last still lies there, although it is found no more', async () => {
      const { clock, layCard, takeCard, events, commands, logs } = await started()
      layCard(card)
      await clock.advance(1000)
      for (let again = 0; again < 3; again++) {
        expect(await clock.until(present(commands))).toBe('there')
        await clock.advance(1000)
      }
      takeCard()
      expect(await clock.until(present(commands))).toBe('gone')
      await clock.advance(1000)
      expect(await clock.until(present(commands))).toBe('gone')
      expect(events).toEqual([told(card)])
      for (const value of [card.name, card.idNumber, card.birth]) expect(logs.join()).not.toContain(value)
    })

    test.each(['before it is asked', 'while it is asked'])(
      'another card laid down %s is told once, and the first is gone',
      async (when) => {
        const { clock, layCard, takeCard, events, commands } = await started({ deviceMs: () => 20 })
        layCard(card)
        await clock.advance(2000)
        expect(await clock.until(present(commands))).toBe('there')
        const exchange = () => {
          takeCard()
          layCard(other)
        }
        if (when === 'before it is asked') exchange()
        const asked = present(commands)
        await clock.advance(30)
        if (when === 'while it is asked') exchange()
        expect(await clock.until(asked)).toBe('gone')
        await clock.advance(2000)
        expect(events).toEqual([told(card), told(other)])
        expect(await clock.until(present(commands))).toBe('there')
      },
    )

    test('the same card lifted and laid down again is a new presentation, told once', async () => {
      const { clock, layCard, takeCard, events, commands } = await started()
      layCard(card)
      await clock.advance(1000)
      takeCard()
      layCard(card)
      expect(await clock.until(present(commands))).toBe('gone')
      await clock.advance(2000)
      expect(events).toEqual([told(card), told(card)])
    })

    test('a model that finds a lying card anew after it was read again makes no second visitor of it', async () => {
      const { clock, layCard, events, commands } = await started({ findsAgain: true })
      layCard(card)
      await clock.advance(1000)
      for (let again = 0; again < 3; again++) {
        expect(await clock.until(present(commands))).toBe('there')
        await clock.advance(1000)
      }
      expect(events).toEqual([told(card)])
    })

    test('says that it does not know when a read fails, garbage comes or nothing does', async () => {
      const { clock, layCard, events, commands, faults, garble } = await started()
      layCard(card)
      await clock.advance(1000)
      faults.authFailures = 1
      expect(await clock.until(present(commands))).toBe('unknown')
      let deaf = true
      faults.bytes = (request) => (deaf && is(request, 0x3001) ? fromHex('aaaaaa96690005') : undefined)
      const asked = present(commands)
      garble()
      expect(await clock.until(asked)).toBe('unknown')
      deaf = false
      await clock.advance(5000)
      expect(await clock.until(present(commands))).toBe('there')
      expect(events).toEqual([told(card)])
    })

    test('a model that does not read twice never claims that a card lies there', async () => {
      const { clock, layCard, commands, events } = await started({ readsOnce: true })
      layCard(card)
      await clock.advance(1000)
      expect(await clock.until(present(commands))).toBe('gone')
      expect(events).toEqual([told(card)])
    })

    test('unplugged while it is asked: the question fails with the reason', async () => {
      const { clock, layCard, commands, unplug } = await started({ deviceMs: () => 100 })
      layCard(card)
      await clock.advance(3000)
      const refused = expect(present(commands)).rejects.toMatchObject({ code: 'link-lost' })
      await clock.advance(150)
      unplug()
      await clock.advance(100)
      await refused
    })

    test('refuses a module that is broken', async () => {
      const { start, clock } = readerBench(plug, { sw3: () => 0x60 })
      await expect(clock.until(start())).rejects.toMatchObject({ code: 'out-of-service' })
    })

    test('refuses another device', async () => {
      const { start, clock } = readerBench(plug, { wrongDevice: Uint8Array.of(0xa4, 3, 7, 7, 0x5f, 0x61, 9) })
      await expect(clock.until(start())).rejects.toMatchObject({ code: 'wrong-device' })
    })

    test('says that nothing answers when nothing does', async () => {
      const { start, clock } = readerBench(plug, { dead: true })
      await expect(clock.until(start())).rejects.toMatchObject({ code: 'timeout' })
    })

    test('unplugged while the greeting waits: the start fails with the reason', async () => {
      const { start, clock, unplug } = readerBench(plug, { dead: true })
      const refused = expect(start()).rejects.toMatchObject({ code: 'link-lost' })
      await clock.advance(10)
      unplug()
      await refused
    })

    test('unplugged, or shut down, in the middle of a read: no event, no error', async () => {
      for (const end of ['unplug', 'close'] as const) {
        const { clock, layCard, events, near, unplug } = await started({ deviceMs: () => 100 })
        layCard(card)
        await clock.advance(250)
        if (end === 'unplug') unplug()
        else await near.close()
        await clock.advance(10_000)
        expect(events).toEqual([])
      }
    })
  })
}
