const hour = 3_600_000;

/** How long an edition has to take over a correction, by the urgency of the story (IPTC, 1 to 9): data, for whoever runs the desks to argue about. */
export const dueTimes: readonly { upToUrgency: number; hours: number }[] = [
  { upToUrgency: 2, hours: 2 },
  { upToUrgency: 4, hours: 6 },
  { upToUrgency: 6, hours: 24 },
  { upToUrgency: 9, hours: 72 },
];

/** When what a correction owes is due. */
export function dueAt(urgency: number, correctedAt: Date): Date {
  const { hours } = dueTimes.find(({ upToUrgency }) => urgency <= upToUrgency) ?? dueTimes.at(-1)!;
  return new Date(correctedAt.getTime() + hours * hour);
}
