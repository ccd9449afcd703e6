import { signal } from '@preact/signals'

/** The device that test and wire are about; kept while the technician goes from one to the other. */
export const chosenDevice = signal<string | undefined>(undefined)
