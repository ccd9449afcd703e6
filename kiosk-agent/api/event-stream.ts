import type { Request, Response } from 'express'

/** A stream of one kind of server-sent event: the newest value at once, then every new one. There is no history. */
export interface EventStream {
  readonly connect: (request: Request, response: Response) => void
  /** Something may have changed: sends the newest value if it did. Calls in one turn of the event loop become one. */
  changed(): void
  close(): void
}

const BEAT_EVERY_MS = 5000
/** More screens than this on one terminal is a mistake or an attack. */
const MAXIMUM_CLIENTS = 8
/** A screen that has taken nothing for so many beats is cut off; a living one comes back by itself. */
const MAXIMUM_MISSED_BEATS = 6

export interface Rendered {
  readonly data: string
  /** Two values with the same signature look the same: the second is not sent. */
  readonly signature: string
}

interface Client {
  readonly response: Response
  /** Signature of what this screen was sent last. */
  shown: string | undefined
  missedBeats: number
}

export function createEventStream(name: string, render: () => Rendered): EventStream {
  const clients = new Set<Client>()
  let scheduled = false
  let closed = false

  const beat = setInterval(() => {
    for (const client of clients) sendBeat(client)
  }, BEAT_EVERY_MS)
  beat.unref()

  function sendBeat(client: Client): void {
    if (!client.response.writableNeedDrain) {
      client.missedBeats = 0
      write(client.response, 'beat', '{}')
    } else if (++client.missedBeats >= MAXIMUM_MISSED_BEATS) client.response.destroy()
  }

  function show(client: Client, { data, signature }: Rendered): void {
    // A screen that does not read gets the newest state when it reads again, not a backlog.
    if (client.response.writableNeedDrain || client.shown === signature) return
    client.shown = signature
    write(client.response, name, data)
  }

  function publish(): void {
    scheduled = false
    if (closed || clients.size === 0) return
    const newest = render()
    for (const client of clients) show(client, newest)
  }

  return {
    connect(_request, response) {
      if (clients.size >= MAXIMUM_CLIENTS) {
        response.status(503).json({ error: 'Too many screens are connected to this terminal.' })
        return
      }
      const newest = render()
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      // Without it the screen would wait for the first event.
      response.flushHeaders()
      const client: Client = { response, shown: undefined, missedBeats: 0 }
      clients.add(client)
      response.on('drain', () => show(client, render()))
      response.on('close', () => clients.delete(client))
      show(client, newest)
    },
    changed() {
      if (scheduled) return
      scheduled = true
      setImmediate(publish)
    },
    close() {
      closed = true
      clearInterval(beat)
      for (const { response } of clients) response.end()
    },
  }
}

function write(response: Response, event: string, data: string): void {
  response.write(`event: ${event}\ndata: ${data}\n\n`)
}
