import type { Day, LessonRow } from '../generated/types';

/** The lessons of the day that is shown; `null` while they are not known. */
export const lessonsOf = (day: Day): LessonRow[] | null =>
  day.week?.find((one) => one.date === day.date)?.lessons ?? null;

/** Whether a lesson takes place. */
export const held = (lesson: LessonRow): boolean => lesson.change !== 'cancelled';

/** The lesson that goes on or comes next, on today's page alone. */
export function nextOf(day: Day, now: number): LessonRow | null {
  if (day.date !== day.today) return null;
  return lessonsOf(day)?.find((lesson) => held(lesson) && lesson.endsAt > now) ?? null;
}
