import { type Clock, systemClock } from '../../lib/clock.ts'
import { frames } from '../../lib/frames.ts'
import { type LightWiring, wiredLights } from '../../lib/lights.ts'
import type { ModbusAnswer, ModbusRequest } from '../../lib/modbus-pdu.ts'
import { pacedWriter } from '../../lib/paced.ts'
import type { AuxiliariesControls } from '../../lib/simulated-auxiliaries.ts'
import type { StreamLink } from '../../link/link.ts'
import type { Simulator } from '../../simulation.ts'
import { ioBoard, switched } from './codec.ts'
import type { IoWiring, WiredInput } from './inputs.ts'

export type IoFault = 'none' | 'lost-request' | 'lost-answer' | 'garbled-answer' | 'refused'

export interface ModbusIoSimulation {
  readonly clock?: Clock
  readonly unit?: number
  readonly inputs?: IoWiring
  readonly lights?: LightWiring
  readonly paceBaud?: number
  /** Faults: judged for each request; bytes before every answer; hand-over in pieces of so many bytes. */
  fault?(request: ModbusRequest): IoFault
  readonly noise?: Uint8Array
  readonly pieceBytes?: number
}

const pressMs = 300

/** A board with eight inputs and eight outputs, and what is wired to it, made of software. */
export function simulateModbusIo(options: ModbusIoSimulation = {}): Simulator<AuxiliariesControls> {
  const { clock = systemClock, unit = 2, inputs = {}, lights = {}, noise = new Uint8Array() } = options
  const codec = ioBoard(unit)
  const outputs = new Set<number>()
  const listeners: (() => void)[] = []
  const world = { present: false, open: false, pressedUntil: Number.NEGATIVE_INFINITY, silent: false }

  function bits(): number {
    const told: [WiredInput | undefined, boolean][] = [
      [inputs.presence, world.present],
      [inputs.door, world.open],
      [inputs.callButton, clock.monotonic() < world.pressedUntil],
    ]
    return told.reduce(
      (sum, [wired, active]) => sum | (wired && active === (wired.active === 'high') ? 1 << wired.input : 0),
      0,
    )
  }

  function obey(request: ModbusRequest): ModbusAnswer {
    if (request.function === 2) return { type: 'bits', function: 2, bits: bits() }
    const { output, on } = switched(request)
    if (on) outputs.add(output)
    else outputs.delete(output)
    for (const listener of listeners) listener()
    return { type: 'echo', function: 5, address: request.address, value: request.value }
  }

  async function handle(request: ModbusRequest, write: (bytes: Uint8Array) => Promise<void>) {
    const fault = options.fault?.(request) ?? 'none'
    if (world.silent || fault === 'lost-request') return
    const answer: ModbusAnswer =
      fault === 'refused' ? { type: 'exception', function: request.function, code: 2 } : obey(request)
    if (fault === 'lost-answer') return
    const bytes = codec.encode(answer)
    if (fault === 'garbled-answer') bytes[2] = (bytes[2] ?? 0) ^ 0x10
    const sent = Buffer.concat([noise, bytes])
    const { pieceBytes = sent.length } = options
    for (let from = 0; from < sent.length; from += pieceBytes)
      await write(sent.subarray(from, from + pieceBytes))
  }

  return {
    attach(far: StreamLink) {
      const write = pacedWriter(far, clock, options.paceBaud)
      async function listen() {
        for await (const request of frames(far.bytes, codec)) void handle(request, write)
      }
      void listen()
    },
    controls: {
      setPresence(present) {
        world.present = present
      },
      pressCallButton() {
        world.pressedUntil = clock.monotonic() + pressMs
      },
      setDoor(open) {
        world.open = open
      },
      isLit(device) {
        const output = lights[device]
        return output !== undefined && outputs.has(output)
      },
      lights: wiredLights(lights),
      onLight(listener) {
        listeners.push(listener)
      },
      silent(silent) {
        world.silent = silent
      },
    },
  }
}
