import { describe, expect, test } from 'vitest'
import type { ScannerControls } from '../../devices/lib/simulated-head.ts'
import { type ScannerModel, scannerBench, startedScanner } from './scanner-bench.ts'

export interface ScannerUnderTest<Options, Controls extends ScannerControls>
  extends ScannerModel<Options, Controls> {
  /** The first bytes of a code that never gets its end. */
  readonly half: Uint8Array
  /** Whether the head answers a trigger. */
  readonly answersTrigger: boolean
  /** Makes the simulated head say nothing. */
  silence(controls: Controls): void
}

/** What every scan head that can be spoken to must stand. */
export function scannerContract<Options, Controls extends ScannerControls>(
  name: string,
  model: ScannerUnderTest<Options, Controls>,
): void {
  const started = (settings = {}, device = {}) => startedScanner(model, settings, device)

  describe(`${name}, as any scanner`, () => {
    test('reports a code as the bytes that were in it, whatever the pieces they come in', async () => {
      const { codes, show } = await started({}, { pieceBytes: 1 })
      await show(Uint8Array.of(0x41, 0x00, 0xd4, 0xc1, 0xff, 0x0a, 0x02))
      expect(codes).toEqual(['A\x00\xd4\xc1\xff\n\x02'])
    })

    test('a code of 2393 digits at 9600 baud stays one code', async () => {
      const { codes, show } = await started({}, { paceBaud: 9600 })
      await show('7'.repeat(2393))
      expect(codes).toEqual(['7'.repeat(2393)])
    })

    test('a code held before the head counts once, and its repeats are counted', async () => {
      const { codes, show, commands } = await started({}, { repeats: 5, repeatEveryMs: 100 })
      await show('HELD')
      expect(codes).toEqual(['HELD'])
      expect(commands.suppressed()).toBe(5)
    })

    test('two codes one after the other are two', async () => {
      const { codes, show, clock } = await started()
      await show('ONE')
      await clock.advance(300)
      await show('TWO')
      expect(codes).toEqual(['ONE', 'TWO'])
    })

    test('drops what lacks the AIM identifier it should have, and passes the identifier on', async () => {
      const { codes, aims, logged, show } = await started({ aimId: true }, { aim: ']C1' })
      await show('690123')
      expect([codes, aims]).toEqual([['690123'], [']C1']])
      const other = await started({ aimId: true }, { aimId: false })
      await other.show('BARE')
      expect(other.codes).toEqual([])
      expect(other.logged).toContainEqual(expect.objectContaining({ reason: 'no-aim' }))
      expect(JSON.stringify([logged, other.logged])).not.toContain('BARE')
    })

    test('half a code is never glued to the code that comes later', async () => {
      const { codes, raw, show, clock } = await started()
      await raw(model.half)
      await clock.advance(1500)
      await show('GOOD')
      expect(codes).toEqual(['GOOD'])
    })

    test('refuses a different device on the same port', async () => {
      const { raw, start, clock } = scannerBench(model.driver)
      const refused = expect(start()).rejects.toMatchObject({ code: 'wrong-device' })
      for (let sent = 0; sent < 30; sent++) {
        await raw(Uint8Array.of(0xa4, 0x03, 0x07, 0x07, 0x5f, 0x61, 0x09, 0xce, 0x0e, 0x4e, 0xb5))
        await clock.advance(100)
      }
      await refused
    })

    test('says that nothing answers when nothing does', async () => {
      const { start, clock } = scannerBench(model.driver)
      await expect(clock.until(start())).rejects.toMatchObject({ code: 'timeout' })
    })

    test('unplugged while the greeting waits: the start fails with the reason', async () => {
      const { start, clock, unplug } = scannerBench(model.driver)
      const refused = expect(start()).rejects.toMatchObject({ code: 'link-lost' })
      await clock.advance(10)
      unplug()
      await refused
    })

    if (model.answersTrigger)
      test('unplugged while a trigger waits: it fails with the reason', async () => {
        const { trigger, controls, clock, unplug } = await started()
        model.silence(controls)
        const refused = expect(trigger(true)).rejects.toMatchObject({ code: 'link-lost' })
        await clock.advance(10)
        unplug()
        await refused
      })

    test('a trigger on a cable that is out fails, it is not kept for later', async () => {
      const { trigger, unplug } = await started()
      unplug()
      await expect(trigger(true)).rejects.toMatchObject({ code: 'link-lost' })
    })

    test('shut down in the middle of a code: no event, no error', async () => {
      const { codes, raw, near, clock } = await started()
      await raw(model.half)
      await near.close()
      await clock.advance(5000)
      expect(codes).toEqual([])
    })

    test('an agent that fails over a code costs the connection, not the kiosk', async () => {
      const bench = scannerBench(model.driver)
      const simulator = model.simulate({ clock: bench.clock })
      simulator.attach(bench.far)
      const session = {
        link: bench.near,
        options: model.driver.options.parse({ path: 'memory' }),
        signal: bench.near.closed,
        clock: bench.clock,
        log: () => {},
        emit: () => {
          throw new Error('full')
        },
      }
      await bench.clock.until(model.driver.start(session))
      await bench.clock.until(simulator.controls.show('A'))
      expect(bench.near.closed.aborted).toBe(true)
    })

    test('the head can be unplugged and plugged in again', async () => {
      const first = await started()
      first.unplug()
      const again = scannerBench(model.driver, {}, first.clock)
      first.simulator.attach(again.far)
      await first.clock.until(again.start())
      await first.show('AGAIN')
      expect([first.codes, again.codes]).toEqual([[], ['AGAIN']])
    })

    test('never logs what was in a code', async () => {
      const { show, logged, clock } = await started({ maxLength: 4 })
      await show('SECRETS')
      await clock.advance(2000)
      expect(JSON.stringify(logged)).not.toContain('SECRETS')
    })
  })
}
