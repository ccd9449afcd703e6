import { systemClock } from '../lib/clock.ts'
import { pacedWriter } from '../lib/paced.ts'
import { type HeadSimulation, type ScannerControls, simulatedHead } from '../lib/simulated-head.ts'
import { simulateSensor, type ThermometerControls } from '../lib/simulated-sensor.ts'
import { simulatedVoice, type VoiceFaults } from '../lib/simulated-voice.ts'
import type { StreamLink } from '../link/link.ts'
import type { Simulator } from '../simulation.ts'
import { describedCodec } from './codec.ts'
import type { Description } from './description.ts'

/** How often a simulated thermometer speaks that is not asked. */
const speakEveryMs = 200

/** A device made of software that sends frames as described. */
export function describedSimulator(
  description: Description,
  options: HeadSimulation & VoiceFaults = {},
): Simulator<ScannerControls | ThermometerControls> {
  return description.kind === 'thermometer'
    ? simulateDescribedThermometer(description, options)
    : simulateDescribedScanner(description, options)
}

export function simulateDescribedScanner(
  description: Description,
  options: HeadSimulation = {},
): Simulator<ScannerControls> {
  const codec = describedCodec(description)
  const head = simulatedHead(options)
  return {
    attach: head.attach,
    controls: { show: (code) => head.show(code, (bytes) => codec.encode({ code: bytes, aim: ']Q1' })) },
  }
}

export function simulateDescribedThermometer(
  description: Description,
  options: VoiceFaults = {},
): Simulator<ThermometerControls> {
  const { clock = systemClock, paceBaud } = options
  const codec = describedCodec(description)
  const sensor = simulateSensor()
  const voice = simulatedVoice(options)

  function measured(): Uint8Array {
    const { raw, ambient, body } = sensor.measure()
    return codec.encode({ raw: raw / 100, ambient: ambient / 100, body: body / 100 })
  }

  return {
    attach(far: StreamLink) {
      const write = pacedWriter(far, clock, paceBaud)
      async function speak() {
        while (!far.closed.aborted) {
          await clock.sleep(speakEveryMs, far.closed)
          await voice.say(measured(), write)
        }
      }
      const { poll } = description
      if (poll) void answer(far, poll.bytes, () => voice.say(measured(), write))
      else speak().catch(() => {}) // ends with the link
    },
    controls: { ...sensor.controls, ...voice.controls },
  }
}

/** Answers whenever the question's bytes have come, whatever came before them. */
async function answer(far: StreamLink, question: Uint8Array, say: () => Promise<void>) {
  let last = new Uint8Array()
  for await (const chunk of far.bytes) {
    for (const byte of chunk) {
      last = Uint8Array.from([...last, byte].slice(-question.length))
      if (Buffer.compare(last, question) === 0) await say()
    }
  }
}
