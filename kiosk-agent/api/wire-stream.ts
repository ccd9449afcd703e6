import type { Response } from 'express'
import type { WireFrame } from './technician-contract.ts'

/** Where frames and traces come from. */
export interface WireSource {
  /** Tells what travels at a device from now on; undefined when there is no such device. Returns how to stop. */
  watch(device: string, onFrame: (frame: WireFrame) => void): Promise<() => void> | undefined
  /** Undefined when there is none of this name. */
  trace(name: string): Promise<string | undefined>
}

const BEAT_EVERY_MS = 5000
/** Many frames of one moment become one event. */
const TOGETHER_MS = 100
/** A page that does not keep up misses frames: what it shows is of now. */
const MOST_WAITING = 500

/** The frames of one device as server-sent events, as long as somebody looks. */
export function streamWire({ watch }: WireSource, device: string, response: Response): void {
  let waiting: WireFrame[] = []
  const watching = watch(device, (frame) => {
    if (waiting.length < MOST_WAITING) waiting.push(frame)
  })
  if (!watching) {
    response.status(404).json({ error: `There is no device "${device}".` })
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  // Without it the page would wait for the first event.
  response.flushHeaders()
  const send = setInterval(() => {
    if (waiting.length === 0 || response.writableNeedDrain) return
    response.write(`event: frames\ndata: ${JSON.stringify(waiting)}\n\n`)
    waiting = []
  }, TOGETHER_MS)
  const beat = setInterval(() => {
    if (!response.writableNeedDrain) response.write('event: beat\ndata: {}\n\n')
  }, BEAT_EVERY_MS)
  response.on('close', () => {
    clearInterval(send)
    clearInterval(beat)
    watching.then((stop) => stop()).catch(() => {}) // it never began
  })
  watching.catch(() => response.end())
}

/** A recorded trace to keep. */
export function sendTrace(text: string | undefined, name: string, response: Response): void {
  if (text === undefined) {
    response.status(404).json({ error: 'There is no such trace.' })
    return
  }
  response.attachment(name).type('application/jsonl').set('cache-control', 'no-store').send(text)
}
