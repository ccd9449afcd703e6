import type {
  Appointment,
  AppointmentStatus,
  ClaimOrder,
  HallStore,
} from '../../../kiosk-agent/hall/hall-store.ts'

/** What the parts of the suite work with. */
export interface HallFixture {
  /** A new hall with the appointments a, b, c and d; audited and closed when the test is over. */
  open(capacity: number): Promise<HallStore>
  /** The same hall as another agent sees it. */
  again(): Promise<HallStore>
  status(appointmentId: string): Promise<AppointmentStatus | undefined>
}

const hour = 3_600_000

/** A booked appointment of an invented holder. */
export const appointment = (id: string, changes: Partial<Appointment> = {}): Appointment => ({
  id,
  holder: `holder-of-${id}`,
  start: 9 * hour,
  end: 10 * hour,
  item: { 'zh-Hans': '社保', 'zh-Hant': '社保', en: 'Social insurance' },
  partySize: 1,
  status: 'booked',
  ...changes,
})

export const order = (nonce: string, appointmentId: string, persons = 1): ClaimOrder => ({
  nonce,
  appointmentId,
  persons,
  terminalId: 'east-1',
  at: 1_000,
})
