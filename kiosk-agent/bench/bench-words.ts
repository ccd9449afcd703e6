import { benchPresets } from '../api/contract.ts'

/** What can be typed into `npm run simulate`. */
export const benchWords = `Type what a person would do:
  story NAME            one of ${benchPresets.join(', ')}
  card NAME | no card   lay a card down (li, chen, huang, he, zhang), take it away
  code TEXT             show a code, e.g. YKMDEMO:li
  heat 36.5 | no heat   stand before the thermometer, step away
  walk                  go through the gate
  block | unblock       stand in the gate, step out of it
  stand | leave         before the presence sensor
  button                the call button
  kiosk open|shut       the kiosk's own door
  paper full|low|out    cover open|shut
  pull ID | plug ID     the cable of a device, e.g. pull gate
  gateway up|down|busy  hall full|free  fire on|off  reset`

/** One typed line as a BenchAction, to be checked against the contract; undefined for what nobody understands. */
export function benchAction(line: string): unknown {
  const [verb = '', ...rest] = line.trim().split(/\s+/)
  const object = rest.join(' ')
  switch (verb) {
    case 'story':
      return { type: 'preset', preset: object }
    case 'card':
      return { type: 'lay-card', person: object }
    case 'no':
      return object === 'card' ? { type: 'take-card' } : { type: 'nobody-at-thermometer' }
    case 'code':
      return { type: 'show-code', code: object }
    case 'heat':
      return { type: 'set-temperature', centiCelsius: Math.round(Number(object) * 100) }
    case 'walk':
      return { type: 'walk-through' }
    case 'block':
    case 'unblock':
      return { type: 'block-gate', blocked: verb === 'block' }
    case 'stand':
    case 'leave':
      return { type: 'stand-here', present: verb === 'stand' }
    case 'button':
      return { type: 'call-button' }
    case 'kiosk':
      return { type: 'kiosk-door', open: object === 'open' }
    case 'paper':
      return { type: 'paper', paper: object }
    case 'cover':
      return { type: 'cover', open: object === 'open' }
    case 'pull':
    case 'plug':
      return { type: 'cable', device: object, plugged: verb === 'plug' }
    case 'gateway':
      return { type: 'gateway', state: object }
    case 'hall':
      return { type: 'fill-hall', full: object === 'full' }
    case 'fire':
      return { type: 'fire', active: object === 'on' }
    case 'reset':
      return { type: 'reset' }
    default:
      return undefined
  }
}
