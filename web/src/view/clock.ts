// Times as the run's own place shows them, whatever the zone of the reader.

/** `14:03:27`, or with the date before it. */
export function clock(ms: number, offsetMinutes: number, withDate = false): string {
  const text = new Date(ms + offsetMinutes * 60_000).toISOString();
  const time = text.slice(11, 19);
  return withDate ? `${text.slice(0, 10)} ${time}` : time;
}
