import { encodeAddedAddress } from './added-address.ts'
import { layoutFlag } from './card-layouts.ts'
import type { SamReply, SamRequest } from './codec.ts'
import { encodeCardText } from './encode-card-text.ts'
import { samNumberBytes } from './sam-number.ts'
import type { CardSlot } from './simulated-card-slot.ts'
import { Status } from './status-codes.ts'

/** How a simulated module misbehaves. Read at each request, so a caller may change them while it runs. */
export interface SamModuleOptions {
  readonly samNumber?: string
  /** The card is pulled away in the middle of the next read; the fault is spent then. */
  removeDuringRead?: boolean
  /** So many reads fail because card and module do not accept each other. Counts down. */
  authFailures?: number
  /** A model that does not read a card twice: it answers as if the card had gone. */
  readsOnce?: boolean
  /** Replaces the layout character of every card. */
  layoutFlag?: string
  /** SW3 to answer a request with, instead of doing it; undefined to do it. */
  sw3?: (request: SamRequest) => number | undefined
}

const PHOTO_BYTES = 1024
const photoHead = [0x57, 0x4c, 0x66, 0x00, 0x7e, 0x00, 0x32, 0x00]
const nothing = new Uint8Array()

/** What a SAM_V module with this card slot answers to each request. */
export function simulatedModule(slot: CardSlot, options: SamModuleOptions) {
  const { samNumber = '05.03-20240101-0001234567-0987654321' } = options

  function answerTo(request: SamRequest): SamReply {
    const override = options.sw3?.(request)
    if (override !== undefined) return reply(override)
    switch (request.command * 256 + request.parameter) {
      case 0x10ff:
        slot.reset()
        return reply(Status.ok)
      case 0x11ff:
      case 0x61ff:
        return reply(Status.ok)
      case 0x12ff:
        return reply(Status.ok, samNumberBytes(samNumber))
      case 0x2001:
        return withZeros(slot.find(), Status.found, 4)
      case 0x2002:
        return withZeros(slot.select(), Status.ok, 8)
      case 0x3001:
        return read()
      case 0x3003:
        return addedAddress()
      default:
        return reply(Status.badCommand)
    }
  }

  function addedAddress(): SamReply {
    const card = slot.selected
    if (card === undefined) return reply(Status.readFailed)
    const added = 'addedAddress' in card ? card.addedAddress : undefined
    return added === undefined ? reply(Status.noSuchItem) : reply(Status.ok, encodeAddedAddress(added))
  }

  function read(): SamReply {
    if (options.removeDuringRead && slot.selected) {
      options.removeDuringRead = false
      slot.take()
    }
    const card = slot.selected
    if (card === undefined || (options.readsOnce && slot.wasRead)) return reply(Status.readFailed)
    if (options.authFailures) {
      options.authFailures--
      return reply(Status.cardRefusedModule)
    }
    slot.markRead()
    return reply(Status.ok, payload(encodeCardText(card), options.layoutFlag))
  }

  return answerTo
}

function reply(status: number, data: Uint8Array = nothing): SamReply {
  return { status, sw1: 0, sw2: 0, data }
}

/** The chip numbers of find and select are zero in every published answer. */
function withZeros(status: number, good: number, zeros: number): SamReply {
  return reply(status, status === good ? new Uint8Array(zeros) : nothing)
}

function payload(text: Uint8Array, flag: string | undefined): Uint8Array {
  const data = new Uint8Array(4 + text.length + PHOTO_BYTES)
  data.set([text.length >> 8, text.length & 0xff, PHOTO_BYTES >> 8, PHOTO_BYTES & 0xff])
  data.set(text, 4)
  data.set(photoHead, 4 + text.length)
  if (flag !== undefined) data.set(Buffer.from(flag, 'utf16le').subarray(0, layoutFlag[1]), 4 + layoutFlag[0])
  return data
}
