import { codeText } from '../../lib/wire/line-wire.ts'
import { explained, harmlessCode, type OpenWire, plain, unexplained, type Vary } from '../../lib/wire/wire.ts'
import { encodeReports, layoutOf, readReport } from './codec.ts'
import { commandSets } from './commands.ts'
import { type LayoutName, layouts } from './layouts.ts'

interface Options {
  readonly layout: LayoutName | 'descriptor'
  readonly commands: 'none' | keyof typeof commandSets
}

/** Reports in by the layout of the device, commands out. Of a scan its length and symbology are shown. */
export const wire: OpenWire<Options> = ({ layout: set, commands }, { descriptor }) => {
  const layout = set === 'descriptor' ? descriptor && layoutOf(descriptor) : layouts[set]
  const known = commands === 'none' ? [] : knownReports(commands)
  return {
    toDevice: {
      gapMs: undefined,
      push(report) {
        const match = known.find(({ bytes }) => Buffer.compare(bytes, report) === 0)
        return [match ? plain(report, match.text) : unexplained(report.length)]
      },
      flush: () => [],
    },
    fromDevice: {
      gapMs: undefined,
      push(report) {
        const part = layout && readReport(layout, report)
        if (!part) return [unexplained(report.length)]
        const more = part.continued ? ', more follows' : ''
        const rewrite = (vary: Vary) => {
          const harmless = Uint8Array.from(report)
          // Everything but what the layout names: makers keep bytes of their own in a report.
          harmless.fill(vary(new Uint8Array(1))[0] ?? 0)
          const [fresh = new Uint8Array()] = encodeReports(layout, {
            bytes: vary(harmlessCode(part.bytes.length)),
            aim: part.aim,
          })
          for (const at of named(layout)) harmless[at] = fresh[at] ?? 0
          harmless.set(fresh.subarray(layout.dataByte, layout.dataByte + part.bytes.length), layout.dataByte)
          const { continuedBit } = layout
          if (continuedBit !== undefined)
            harmless[continuedBit >> 3] = fresh.length > 0 && part.continued ? 1 << (continuedBit & 7) : 0
          return harmless
        }
        return [explained(report, codeText(part.bytes.length, part.aim) + more, rewrite)]
      },
      flush: () => [],
    },
  }
}

/** Positions of what is shown of a report. */
function named({ aimByte, countByte }: { aimByte: number | undefined; countByte: number }): number[] {
  return [0, countByte, ...(aimByte === undefined ? [] : [aimByte, aimByte + 1, aimByte + 2])]
}

function knownReports(name: keyof typeof commandSets) {
  const set = commandSets[name]
  const triggers = [true, false].map((on) => ({
    bytes: set.trigger(on),
    text: `trigger ${on ? 'on' : 'off'}`,
  }))
  const prepare = 'prepare' in set ? [{ bytes: Uint8Array.from(set.prepare), text: 'take commands' }] : []
  return [...triggers, ...prepare]
}
