/** What `_dragoman.about` of a JSON Feed leads to. */
export const about = `Extensions of the feeds of this gateway

One identifier everywhere: the URN of a translation is guid (RSS), id (Atom, JSON Feed), uri (ninjs), guid (NewsML-G2) and the path below /items/.

JSON Feed: an object _dragoman on the feed and on each item. RSS, Atom, NewsML-G2: elements of the namespace urn:x-dragoman:item:1.

  story         the URN of the story, the same in all editions
  edition       the code of the edition; with direction, ltr or rtl
  revision      the one version number: it grows with every change, a spelling fix too
  event         in answers to ?after=: the id of the event by which it is told, the same in every channel
  retracted     null, or kind and time: take the text down. KILL, WITHHOLD, WITHDRAW, REPLACE: it was taken back; EXPIRED: it has come to its end;
                REMOVED: it is not in this feed any more, by its topic, its rights, your entitlement or an embargo;
                replacement is the id of the text in its place; takedown the id of your open order about it, and by when an answer is expected
                (takedown.id and takedown.due in JSON, takedown and due in XML)
  significance  what the revision means to who holds an earlier one: MINOR, UPDATE, CORRECTION, RETRACTION
  origin        HUMAN, MACHINE, MACHINE_REVIEWED
  kind, urgency the form of the story; 1 (highest) to 9
  kicker, byline, credit_line (creditLine in XML): worded in the language of the text
  credits       role, id, name and its language
  notices       code, kind, placement, whether it must be carried, version, language, direction, text, link; they stand in the text too
  editions      the same story in other editions: id, code, language, address
  rights        holder and notice
  territories   where it may be shown (ISO 3166); empty, or no element territory: everywhere
  usage_terms   the same as a sentence in the language of the text (usageTerms in XML)
  expires       until when it may be shown: take it down then; null or no element: no end
  omitted       parts that are left out and why: part is TEXT, IMAGE, VIDEO …; image names a picture by its code, a video by the address of its file, so
                that what you hold of it is found; null where there is no more than one
`;
