import type { Messages } from './messages.ts'

export const english: Messages = {
  simulated: 'Simulated terminal · no real door opens',
  header: {
    open: 'Open',
    closed: 'Closed',
    closedToday: 'Closed today',
    inside: (inside, capacity) => `${inside} of ${capacity} people inside`,
    insideUnknown: 'Number of people inside not known',
    secondsLeft: (seconds) => `${seconds} ${seconds === 1 ? 'second' : 'seconds'} left`,
    paused: 'Time stands still while you are here',
    pausedShort: 'Paused',
  },
  footer: { language: 'Language', callStaff: 'Call staff', cancel: 'Cancel', finish: 'Finish and take card' },
  welcome: {
    greeting: 'Welcome',
    invitation: {
      identity: {
        title: 'Place your ID card',
        body: 'Lay it flat on the reader. We find your appointment by it.',
      },
      health: {
        title: 'Show your health code',
        body: 'Hold your phone just above the scanner, screen down.',
      },
      temperature: { title: 'Face the thermometer', body: 'Step closer, forehead clear, and wait a second.' },
      mask: { title: 'Put on your mask', body: 'Cover mouth and nose before you go in.' },
      none: { title: 'Please walk in', body: 'Nothing is checked at this door today.' },
    },
    needed: 'What you need',
    anyOrder: 'In any order you like.',
    noPhone: 'You can go in without a phone too.',
    bring: {
      identity: { title: 'ID card', body: 'Your own, on the reader' },
      appointment: { title: 'Appointment', body: 'Found by your card' },
      health: { title: 'Health code', body: 'Open it on your phone' },
      temperature: { title: 'Temperature', body: 'Face the thermometer' },
      mask: { title: 'Mask', body: 'Over mouth and nose, all the time' },
    },
    closed: {
      title: 'The hall is closed',
      opens: (when) => `It opens at ${when}.`,
      unknown: 'Please ask staff for the opening hours.',
    },
    closedNext: 'Come back then, or book an appointment ahead.',
    full: {
      title: 'The hall is full',
      body: (capacity) =>
        `The limit of ${capacity} people is reached. Please wait here; you can go in when somebody leaves.`,
    },
  },
  notices: {
    'no-slips': 'No slips can be printed today. You can still go in.',
    'paper-low': 'Paper is running low. Your slip may not be printed.',
    'no-health-checks': 'Health codes cannot be checked now. Staff will do it.',
    'codes-by-camera': 'The scanner is off. Show your health code to the camera instead.',
    'no-temperature': 'The thermometer is off. Staff will take your temperature.',
    'no-store': 'Appointments cannot be reached now. Staff will register you.',
    'no-gate': 'The gate is off. Staff will show you in.',
    'gate-held': 'Somebody or something stands in the gate. Please keep it clear.',
    'kiosk-open': 'This machine is being looked after and still works. Ask staff if you need help.',
    'clock-wrong': "This machine's clock is wrong, so it is closed. Please see staff.",
    'record-damaged': "This machine's records must be checked, so it is closed. Please see staff.",
    'disk-full': 'The storage of this machine is full, so it is closed. Please see staff.',
    'needs-care': 'This machine needs some care and still works. Ask staff if you need help.',
  },
  checklist: {
    title: 'Entry check',
    progress: (done, total) => `${done} of ${total} done`,
    states: { missing: 'To do', working: 'Checking', attention: 'Try again', failed: 'Needs help' },
    committing: { title: 'All done, signing you in', body: 'One moment, please stay here.' },
    failed: { title: 'One moment', body: 'Your result is coming.' },
    attestMask: 'I am wearing one',
    noPhone: 'No phone',
    appointment: (slot, item) => `Appointment ${slot} · ${item}`,
    appointmentSought: 'Looking for your appointment',
    checks: {
      identity: {
        name: 'ID card',
        hint: 'Lay it on the reader',
        passed: 'Checked',
        step: { title: 'Place your ID card', body: 'Lay it flat on the reader until it has been read.' },
        working: { title: 'Reading your card', body: 'Please do not move it.' },
        again: {
          title: 'Place your card again',
          body: 'Lift it and lay it flat on the middle of the reader.',
        },
        problems: {
          'hold-still': {
            title: 'Leave the card a little longer',
            body: 'It moved. Lay it flat and wait until it has been read.',
          },
          'present-again': {
            title: 'Lift the card, place it again',
            body: 'It was not read. Lay it flat on the middle of the reader.',
          },
          unrecognised: {
            title: 'This card was not recognised',
            body: 'Please use an ID card, without its cover, one card at a time.',
          },
          'unknown-layout': {
            title: 'This kind of card cannot be read yet',
            body: 'Use a resident ID card, or call staff.',
          },
          expired: { title: 'This card is out of date', body: 'Use a valid card, or call staff.' },
        },
      },
      appointment: {
        name: 'Appointment',
        hint: 'Found by your card',
        passed: 'Found',
        step: { title: 'Place your ID card', body: 'We find your appointment by it.' },
        working: { title: 'Looking for your appointment', body: 'One moment, please.' },
        again: { title: 'Looking again for your appointment', body: 'You can do the other steps meanwhile.' },
        problems: {},
      },
      health: {
        name: 'Health code',
        hint: 'Phone screen to the scanner',
        passed: 'Passed',
        step: {
          title: 'Show your health code',
          body: 'Hold your phone just above the scanner, screen down.',
        },
        working: { title: 'Checking your code', body: 'You can do the other steps meanwhile.' },
        again: { title: 'Scan your code again', body: 'Turn up the brightness and face the scanner.' },
        problems: {
          'expired-code': {
            title: 'The code is out of date',
            body: 'Refresh it on your phone, then scan again.',
          },
          'not-a-health-code': {
            title: 'That is not a health code',
            body: 'Open the health code page on your phone, then scan again.',
          },
          'unknown-code': {
            title: 'The code was not recognised',
            body: 'Turn up the brightness, face the scanner, try again.',
          },
          'owner-mismatch': {
            title: 'The code is not yours',
            body: 'Code and ID card must belong to the same person. Show your own.',
          },
          unavailable: {
            title: 'Codes cannot be checked now',
            body: 'Trying again. You can do the other steps meanwhile.',
          },
        },
      },
      temperature: {
        name: 'Temperature',
        hint: 'Face the thermometer',
        passed: 'Normal',
        step: { title: 'Face the thermometer', body: 'Step closer, forehead clear, and wait a second.' },
        working: { title: 'Measuring', body: 'Keep facing the thermometer.' },
        again: {
          title: 'Measure once more',
          body: 'Face the thermometer, forehead clear, and wait a second.',
        },
        problems: {
          'stand-closer': {
            title: 'A little closer, please',
            body: 'Bring your forehead nearer to the thermometer.',
          },
          unavailable: {
            title: 'The thermometer does not answer',
            body: 'Trying again. You can do the other steps meanwhile.',
          },
        },
      },
      mask: {
        name: 'Mask',
        hint: 'Over mouth and nose, all the time',
        passed: 'Confirmed',
        step: { title: 'Put on your mask', body: 'Cover mouth and nose, then press the button.' },
        working: { title: 'Noting it', body: 'One moment, please.' },
        again: { title: 'Put on your mask', body: 'Cover mouth and nose, then press the button.' },
        problems: {},
      },
    },
  },
  camera: {
    open: 'Use the camera',
    instead: {
      title: 'Show your health code to the camera',
      body: 'The scanner is off. Open your health code, then press the button below.',
    },
    hint: 'Phone screen to the camera',
    starting: {
      title: 'Starting the camera',
      body: 'One moment. No picture is kept or leaves this machine.',
    },
    looking: {
      title: 'Hold your code in the frame',
      body: 'About 20 cm from the screen, with the phone bright. No picture is kept or leaves this machine.',
    },
    'no-code': {
      title: 'No code was seen',
      body: 'The camera is off. Open your health code and try again, or ask staff.',
    },
    denied: {
      title: 'The camera cannot be used',
      body: 'This machine does not allow its camera. Go back, or ask staff.',
    },
    missing: {
      title: 'The camera cannot be used',
      body: 'No working camera was found. Go back, or ask staff.',
    },
    picture: 'What the camera sees',
    again: 'Try again',
    back: 'Back',
  },
  timeWarning: {
    title: 'Do you need more time?',
    body: (seconds) =>
      `In ${seconds} ${seconds === 1 ? 'second' : 'seconds'} your details are cleared from this screen.`,
    more: 'Yes, continue',
    end: 'No, end',
  },
  admitted: {
    lane: {
      opening: { title: 'Go in', body: 'All checked. The gate is opening.' },
      open: { title: 'Go in', body: 'The gate is open. Walk ahead.' },
      passed: { title: 'Welcome', body: 'You are in. Have a good day.' },
      'timed-out': {
        title: 'The gate has closed',
        body: 'You have not gone through yet. Place your ID card and check in again.',
      },
      fault: {
        title: 'The gate did not open',
        body: 'You passed the check and need not repeat it. Call staff; they will open it for you.',
      },
    },
    slip: {
      printing: 'Your slip is being printed',
      'held-out': 'Take your slip now: it is waiting for you',
      printed: 'Take your slip',
      'in-hand': 'You have your slip',
      'not-taken': 'Nobody took the slip, so the printer took it back',
      incomplete: 'Only part of your slip came out; you can still go in',
      failed: 'No slip was printed; you can still go in',
      unknown: 'We do not know whether your slip came out. Do you have it?',
    },
    takeCard: 'Take your ID card',
    cardStill: 'Your ID card is still on the reader. Please take it.',
    persons: (count) => `${count} people`,
  },
  slipHelp: {
    code: 'Your number',
    photograph: 'Remember the number, or take a photo of this code. Staff find your case by it.',
    haveSlip: 'I have it',
    printAgain: 'Print again',
  },
  cardLeft: { title: 'Please take your ID card', body: 'It is still on the reader.' },
  outcome: {
    also: 'Also',
    youCan: 'You can',
    assist: { title: 'Staff will look at this', body: 'The machine cannot decide. You did nothing wrong.' },
    code: 'Your number',
    slip: {
      none: 'Tell staff this number and they find your case at once.',
      printing: 'A note for staff is being printed.',
      'held-out': 'Take your note now: it is waiting for you.',
      printed: 'Take the note. Staff find your case by its number.',
      'in-hand': 'You have the note. Staff find your case by its number.',
      'not-taken': 'Nobody took the note, so the printer took it back.',
      incomplete: 'Only part of the note came out.',
      failed: 'The note was not printed.',
      unknown: 'We do not know whether the note came out. Do you have it?',
    },
    callNow: 'Call staff',
    reasons: {
      'hall-closed': ({ opensAt }, { day, clock }) => ({
        title: 'The hall is closed',
        body: opensAt
          ? `It opens on ${day(opensAt)} at ${clock(opensAt)}. Please come back then.`
          : 'It does not open again today. Please come another day.',
      }),
      'card-not-readable': () => ({
        title: 'Your card could not be read',
        body: 'It may be the chip; the card itself is still valid. Staff can check it by hand.',
      }),
      'card-expired': () => ({
        title: 'Your ID card is out of date',
        body: 'The machine cannot accept it. Staff will see whether you can go in.',
      }),
      'no-appointment': () => ({
        title: 'No appointment found for today',
        body: 'There is none under this ID card. If somebody booked for you, please tell staff.',
      }),
      'too-early': ({ minutes, slotStart, slotEnd, admittedFrom }, { range, clock }) => ({
        title: `You are ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} early`,
        body: `Your appointment is ${range(slotStart, slotEnd)}; you can go in from ${clock(admittedFrom)}. It stays valid, no need to book again.`,
      }),
      'too-late': ({ slotStart, slotEnd }, { range }) => ({
        title: 'Your time has passed',
        body: `Your appointment was ${range(slotStart, slotEnd)} and no longer opens this door.`,
      }),
      'appointment-used': () => ({
        title: 'This appointment was used',
        body: 'Our record says you have already gone in with it. If you stepped out, please tell staff.',
      }),
      'appointment-cancelled': () => ({
        title: 'This appointment was cancelled',
        body: 'It no longer opens this door. You can book again.',
      }),
      'appointments-unavailable': () => ({
        title: 'Appointments cannot be checked now',
        body: 'The system does not answer. That does not mean you have none. Staff will check.',
      }),
      'hall-full': ({ capacity }, { number }) => ({
        title: 'The hall is full',
        body: `The limit of ${number(capacity)} people is reached. Your appointment stays valid; you can go in when somebody leaves.`,
      }),
      'health-yellow': () => ({
        title: 'Your health code is yellow',
        body: 'Under the present rules you cannot go in here. Staff will tell you what else is possible.',
      }),
      'health-red': () => ({
        title: 'Your health code is red',
        body: 'Under the present rules you cannot go in. Please wait where you are; staff will help you.',
      }),
      'health-owner-mismatch': () => ({
        title: 'Code and card do not match',
        body: 'They belong to two different people. Show your own health code and check in again.',
      }),
      'health-code-rejected': () => ({
        title: 'Your code was not accepted',
        body: 'The system refused it several times. Staff will check.',
      }),
      'health-unknown': () => ({
        title: 'No result for your code',
        body: 'The system gave no colour, so the machine cannot decide. Staff will check.',
      }),
      'health-unavailable': () => ({
        title: 'Health codes cannot be checked now',
        body: 'The system does not answer; nothing is wrong with your code. Staff will check.',
      }),
      'no-phone': () => ({
        title: 'You can go in without a phone',
        body: 'Staff look up your health code by your ID card.',
      }),
      'temperature-high': ({ tenths, limitTenths }, { celsius }) => ({
        title: `${celsius(tenths)} is a little high`,
        body: `It must be below ${celsius(limitTenths)}. Walking or sun can raise it. Rest a while and measure again.`,
      }),
      'temperature-unavailable': () => ({
        title: 'No temperature was taken',
        body: 'The thermometer does not work now. Staff will take your temperature.',
      }),
      'store-unavailable': () => ({
        title: 'Registration does not answer',
        body: 'Your check is not lost. Staff will register you by hand.',
      }),
      'gate-unavailable': () => ({
        title: 'The gate does not work now',
        body: 'Staff will open it for you.',
      }),
    },
    next: {
      'come-back-in-time': { title: 'Come back in time', body: 'Rest nearby, then place your ID card again' },
      'book-appointment': { title: 'Book a time', body: 'On your phone, or ask staff' },
      'book-again': { title: 'Book again', body: 'Choose another time on your phone, or ask staff' },
      'see-staff': { title: 'See staff', body: 'They are beside the entrance and can help' },
      'wait-for-a-place': { title: 'Wait here', body: 'When somebody leaves, place your ID card again' },
      'come-when-open': { title: 'Come when we are open', body: 'See the notice at the door for the hours' },
      'show-own-code': { title: 'Show your own code', body: 'Place your ID card, then scan your own code' },
      'rest-and-measure-again': {
        title: 'Rest and measure again',
        body: 'Sit a few minutes, dry your forehead, try again',
      },
      clinic: {
        title: 'See a doctor first',
        body: 'Wear a mask, go to the nearest fever clinic, or call 12345',
      },
    },
  },
  help: {
    title: 'Staff are on their way',
    body: 'Please wait here. You need do nothing more.',
    since: (minutes) =>
      minutes < 1 ? 'Called just now' : `Called ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ago`,
    phone: (number) => `Or call ${number}`,
    notNeeded: 'Not needed, go back',
  },
  maintenance: {
    title: 'This machine is being serviced',
    body: 'We are sorry. A technician is working on it; it comes back when the work is done.',
  },
  outOfService: {
    title: 'Out of service',
    body: 'We are sorry. This machine comes back by itself once it is mended.',
    parts: 'Not working',
    alternative: {
      title: 'Please see staff',
      body: 'Staff beside the entrance can check you in, or use the next entrance.',
    },
    devices: {
      'id-card-reader': 'ID card reader',
      'code-scanner': 'Code scanner',
      thermometer: 'Thermometer',
      gate: 'Gate',
      'receipt-printer': 'Slip printer',
    },
    someDevice: 'A device',
  },
  signedOut: {
    title: 'Out of service',
    body: 'This screen is not signed in. Please tell staff; they can also check you in by hand.',
  },
  emergency: {
    title: 'Emergency, please leave',
    body: 'The door is open. Follow staff to the nearest exit. Do not go in.',
  },
  connectionLost: {
    title: 'Connection lost, reconnecting',
    body: 'Please wait; you need not start again. If it takes more than a minute, ask staff.',
  },
  starting: 'Starting, one moment',
  notSent: 'That did not work. Please press again.',
}
