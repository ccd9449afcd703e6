/**
 * What every device of one kind tells (events: past facts) and can be told (commands: verbs), whatever its model.
 * The agent is written against this file alone.
 */
export interface Kinds {
  'id-card-reader': {
    event:
      | { readonly type: 'card'; readonly card: IdCard }
      | { readonly type: 'card-problem'; readonly problem: CardProblem }
    commands: {
      /** The security module's number, "05.03-20240101-0001234567-0987654321"; undefined when it did not tell. */
      readonly samNumber: string | undefined
      /**
       * Whether the card told last still lies there; `unknown` when the reader could not say. Only where the model can be
       * asked; costs it about a second. A card laid down meanwhile is told like any other. Rejects with the link's reason.
       */
      stillThere?(): Promise<CardPresence>
    }
  }
  'code-scanner': {
    event: { readonly type: 'code'; readonly bytes: Uint8Array; readonly aim?: string | undefined }
    commands: {
      readonly facts?: DeviceFacts
      /** Repeats swallowed by the debounce since the link opened. */
      suppressed(): number
      /**
       * Starts or ends reading, where the model can be told to. A head that is set up to read by itself needs no
       * trigger; one that waits for it reads until a code was seen or its own time is over.
       */
      trigger?(on: boolean): Promise<void>
    }
  }
  thermometer: {
    event:
      | { readonly type: 'temperature'; readonly sample: TemperatureSample }
      | { readonly type: 'picture'; readonly picture: ThermalPicture } // for the technician; never evidence
      | { readonly type: 'mask'; readonly worn: boolean | undefined } // as a camera sees it; no rule asks for it yet
    commands: {
      readonly facts?: DeviceFacts
      /** Somebody is to be measured, or nobody is: then a module that must be asked is asked seldom. Attended from the start. */
      attend?(somebody: boolean): void
    }
  }
  gate: {
    event:
      | { readonly type: 'passed' } // the passage input saw somebody go through
      | { readonly type: 'held'; readonly active: boolean } // it stays closed: something is in the way, or the contact is stuck
      | { readonly type: 'fire'; readonly active: boolean }
    commands: {
      /** Whether this gate can see people pass. Without it every grant stays unconfirmed. */
      readonly seesPassage: boolean
      /** Whether the fire alarm is wired to this gate's board. Where it is not, `fire()` is false and proves nothing. */
      readonly seesFire: boolean
      /** The fire input as last read; it is read before anything else on every connection. */
      fire(): boolean
      /**
       * Opens once, by one pulse that the board itself times. `notAfter` is in milliseconds of the session clock's
       * `monotonic()` and is checked at the moment of writing: after it, not a byte is sent and this rejects
       * with `expired`. Never repeated by the driver.
       */
      open(order: { readonly notAfter: number }): Promise<GatePulse>
      /** True: no polling, the line is kept free for a command that is about to come. Ends by itself after 2 s. */
      holdPolling(hold: boolean): void
    }
  }
  'receipt-printer': {
    event:
      | { readonly type: 'paper'; readonly status: PrinterStatus }
      /** The job given up last was printed after all: its own process id came late. */
      | { readonly type: 'late-proof'; readonly processId: string }
    commands: {
      /** About how much paper is left when the near-end sensor begins to tell "low". */
      readonly nearEndTailMm?: number
      /** Asks the printer how it is. Never called while a job is running: the driver queues it behind. */
      check(): Promise<PrinterStatus>
      /**
       * Prints one document and cuts. Never throws for a fault of the printer: the outcome says it.
       * `beforeFirstByte` is awaited before the first byte that could print; when it rejects, nothing is printed.
       */
      print(job: PrintJob): Promise<PrintResult>
    }
  }
  /** What is around the devices (XFS4IoT's word): sensors, guide lights, the kiosk's own door. */
  auxiliaries: {
    event:
      | { readonly type: 'presence'; readonly present: boolean }
      | { readonly type: 'call-button' } // somebody pressed it
      | { readonly type: 'door'; readonly open: boolean }
    commands: {
      /** The devices that have a guide light here. */
      readonly lights: readonly LitDevice[]
      /** Whether somebody stands there, as last read; undefined without such a sensor. */
      presence(): boolean | undefined
      /** Whether the kiosk's door is open, as last read; undefined without such a contact. */
      doorOpen(): boolean | undefined
      /**
       * Lets a guide light show where to act; it goes on until the next order or the end of the connection, after which
       * nobody knows. Rejects with `unsupported` where there is no such light, and with the link's reason.
       */
      light(device: LitDevice, state: LightState): Promise<void>
    }
  }
}

/** What a device told of itself at its greeting, for the technician: { firmware, model, serialNumber }. Never changes on one connection. */
export type DeviceFacts = Readonly<Record<string, string>>

export type Kind = keyof Kinds
export type DeviceEvent<K extends Kind = Kind> = Kinds[K]['event']
export type Commands<K extends Kind = Kind> = Kinds[K]['commands']

export type CardPresence = 'there' | 'gone' | 'unknown'

/** A chip card as read. Lives in memory only. Dates are YYYYMMDD, blank fields are ''. */
export type IdCard = ResidentCard | PermitCard | ForeignerCard

interface CardBase {
  readonly name: string
  readonly sex: 'male' | 'female' | 'unknown'
  readonly birth: string
  /** 18 characters (15 on the foreigner card of 2017), letters in upper case. */
  readonly idNumber: string
  readonly validFrom: string
  /** Undefined on a card without end date (长期). */
  readonly validTo: string | undefined
  /** Things that do not fit together; never a reason to reject by themselves. */
  readonly warnings: readonly CardWarning[]
}

/** The address put on the chip after the card was issued, where the settings ask for it and the card has one. */
type AddedAddress = string | undefined

/** Second-generation resident ID card. */
export interface ResidentCard extends CardBase {
  readonly layout: 'resident'
  readonly nationCode: string
  /** GB/T 3304 name, "汉"; '' when the code is not in the table. */
  readonly nation: string
  readonly address: string
  readonly addedAddress?: AddedAddress
  readonly issuingAuthority: string
}

/** Residence permit for residents of Hong Kong, Macao and Taiwan ('J'). */
export interface PermitCard extends CardBase {
  readonly layout: 'hk-macao-taiwan'
  readonly address: string
  readonly addedAddress?: AddedAddress
  readonly issuingAuthority: string
  readonly travelPermitNumber: string
  readonly issueCount: string
}

/** Foreign permanent resident ID card, of 2017 ('I') or of 2023 ('Y'). `name` is the English name. */
export interface ForeignerCard extends CardBase {
  readonly layout: 'foreigner-2017' | 'foreigner-2023'
  readonly chineseName: string
  /** Three letters, GB/T 2659. */
  readonly nationality: string
  /** The 15-character number of the card before, where this card links to one. */
  readonly oldNumber?: string | undefined
}

export type CardWarning =
  | 'checksum'
  | 'date'
  | 'birth-mismatch'
  | 'sex-mismatch'
  | 'not-yet-valid'
  | 'expired'

export type CardProblem =
  | 'hold-still' // the card moved away while it was read
  | 'present-again' // card and module did not accept each other: lift it, lay it down again
  | 'unrecognised' // not a card this module knows
  | 'unknown-layout' // a card, but of a kind this software does not know

/** One reading of a thermometer. Hundredths of a degree Celsius, integers. */
export interface TemperatureSample {
  /** Estimated body temperature: what is decided on. */
  readonly bodyCentiCelsius: number
  /** The skin as measured; undefined where the device tells the body alone, by a compensation of its own. */
  readonly rawCentiCelsius?: number | undefined
  readonly ambientCentiCelsius: number
  /** `warming-up` and `frozen` samples never count as evidence. */
  readonly head: 'ok' | 'warming-up' | 'frozen'
  /** The device measured many times and tells one result: it is a whole look, not one reading of several. */
  readonly whole?: boolean
  /** The device calls it abnormal, by a limit of its own. */
  readonly calledAbnormal?: boolean
}

/** What a thermal array sees. Shown to the technician who aims it, kept nowhere. */
export interface ThermalPicture {
  readonly columns: number
  readonly rows: number
  /** Hundredths of a degree, row by row from the top left as seen. */
  readonly centiCelsius: Int16Array
  /** Where faces are looked for. */
  readonly region: {
    readonly left: number
    readonly top: number
    readonly width: number
    readonly height: number
  }
}

/** Devices that may have a guide light beside them. */
export type LitDevice = Exclude<Kind, 'auxiliaries'>

/** XFS4IoT's words. Slow is once a second, quick twice: fewer than the three flashes a second that can do harm. */
export type LightState = 'off' | 'slow' | 'quick' | 'continuous'

export interface GatePulse {
  /** `confirmed`: the board echoed the command and the read-back fits. `unconfirmed`: the bytes went out, no proof came back. */
  readonly outcome: 'confirmed' | 'unconfirmed'
  /** `monotonic()` when the bytes were handed over. */
  readonly writtenAt: number
}

/** XFS4IoT's paper words, plus what stops a printer. */
export interface PrinterStatus {
  readonly paper: 'full' | 'low' | 'out' | 'jammed' | 'unknown'
  readonly cover: 'closed' | 'open' | 'unknown'
  /** Not undefined: the printer cannot print, for this reason. */
  readonly fault?: PrinterFault | undefined
  /** Whether a slip waits to be taken; undefined where no presenter tells. */
  readonly slipAtExit?: boolean | undefined
}

export type PrinterFault =
  | 'paper-out'
  | 'cover-open'
  | 'paper-jam'
  | 'cutter'
  | 'mechanical'
  | 'unrecoverable'
  | 'offline'
  | 'no-answer'
  | 'exit-blocked' // somebody's slip lies at the exit and cannot be taken away

export interface PrintJob {
  /** 4 characters of A–Z and 0–9: the process id the printer is asked to confirm. Differs from the job before. */
  readonly processId: string
  readonly document: PrintDocument
  /**
   * A job before this one, perhaps of an earlier run, ended without proof: first of all the printer's buffers are
   * cleared, and what hangs from it is fed out and cut off.
   */
  readonly afterTrouble?: boolean
  /** Called when the printer was asked and may print; resolves when it is safe to send. */
  beforeFirstByte(): Promise<void>
  /** The last byte was handed over. It proves nothing yet. */
  onSent?(): void
  /** The slip is printed and waits at the exit to be taken. */
  onHeldOut?(): void
  /**
   * Dot glyphs for characters which the printer's own font lacks, as far as there are any; asked only when a document
   * holds such a character. Left out, such a document cannot be printed.
   */
  glyphs?(characters: ReadonlySet<string>): Promise<ReadonlyMap<string, PrintGlyph>>
}

/** One character in dots, 24 high. */
export interface PrintGlyph {
  /** 12 or 24 dots, as a printer's own characters. */
  readonly width: number
  /** 24 rows from the top; of each row bit 23 is the leftmost dot. */
  readonly rows: readonly number[]
}

/** What became of a job; `thermal-printer` words: never `printed` without evidence. */
export interface PrintResult {
  readonly outcome: 'printed' | 'not-started' | 'incomplete' | 'unknown'
  /** Why not, where it is known. */
  readonly fault?: PrinterFault | 'canceled' | 'timeout' | 'link-lost' | 'unprintable' | undefined
  /** How we know, from strong to weak: this job's process id came back, the end was reached, no fault was seen. */
  readonly evidence?: 'process-id' | 'reached' | 'probable' | undefined
  /** Of a printed slip, whether somebody took it; undefined where no presenter tells, or it was not seen. */
  readonly taken?: boolean | undefined
  /** What the presenter did with a slip that nobody took; undefined where it still lies at the exit. */
  readonly removed?: 'retracted' | 'ejected' | undefined
  /** Paper this job moved, by the bytes that were handed over: its own and what was cut off before it. */
  readonly paperMm?: number | undefined
  /** Printed although the paper is nearly out. */
  readonly paperLow: boolean
}

/** A slip as data, without markup: text from outside needs no escaping here. */
export type PrintDocument = readonly PrintBlock[]

export type PrintBlock =
  | {
      readonly type: 'text'
      readonly text: string
      /** Times the normal height and width; 1 is 24 dots. */
      readonly size?: 1 | 2 | 3
      readonly bold?: boolean
      readonly inverse?: boolean
      readonly align?: 'left' | 'center' | 'right'
    }
  /** A label on the left, a value on the right; falls to two lines when they do not fit in one. */
  | { readonly type: 'pair'; readonly label: string; readonly value: string }
  | { readonly type: 'rule' }
  | { readonly type: 'feed'; readonly lines: number }
  /** Data is ASCII. */
  | { readonly type: 'qr'; readonly data: string; readonly cellDots?: 3 | 4 | 5 | 6 | 7 | 8 }
