/**
 * What anything that can be asked for is information about. `registry`: what is the same for everybody, such as names of editions and topics;
 * `audit`: what was before, and who did it; `operator`: how the gateway is set, and on which terms agencies and pictures are held.
 */
export const informationClasses = [
  ...(['identity', 'headline', 'text', 'image', 'credit', 'notice', 'count', 'staleness', 'draft', 'audit'] as const),
  ...(['partner', 'operator', 'registry'] as const),
];
export type InformationClass = (typeof informationClasses)[number];

type Fields = Partial<Record<InformationClass, string>>;

const paging: Fields = { count: 'edges pageInfo' };
const named: Fields = { registry: 'id code name version' };

/** Every field of the schema, and what it is information about. */
export const classesOfFields: Readonly<Record<string, Fields>> = {
  // Where a request enters.
  Query: {
    identity: 'article articleBySlug articleByUrl node nodes',
    count: 'articles',
    draft: 'articleFacts draft exportXliff retractionPreview',
    audit: 'audit events',
    partner: 'partner partners explainAccess holders previewEntitlements viewer endpoints noticeDuties takedowns',
    operator: 'registryImage registryNotice registryNotices',
    registry: 'agencies agency edition editions negotiateEdition person place topic topics',
  },
  Mutation: {
    draft:
      'confirmStillAccurate correct createArticle discardDraft editMinor importXliff previewLink publishDraft restore retract reviewDraft saveDraft scheduleDraft setEmbargo setExpiry submitDraft translate updateArticle',
    partner:
      'acknowledgeNotice acknowledgeTakedown endEntitlement saveEntitlement savePartner saveEndpoint rotateEndpointSecret pauseEndpoint resumeEndpoint deleteEndpoint sendTestEvent replay',
    operator: 'saveAgency saveEdition saveImage saveImageWording saveNotice savePerson savePlace saveTopic',
  },
  Subscription: { identity: 'articlePublished events translationChanged' },
  // What subscribers are told.
  NewsEvent: { identity: 'articleId at cursor id kind texts', partner: 'notice noticeVersion takedown' },
  TextNews: { identity: 'edition gone revision served translation translationId' },
  GoneText: { identity: 'at kind replacedBy', notice: 'note title' },
  // A story as readers have it.
  Article: {
    identity: 'id homeEdition kind urgency publishedAt topics people places agencies original translations served',
    headline: 'alternates',
  },
  Alternate: { headline: 'edition hreflang url' },
  ArticleConnection: { count: 'edges pageInfo totalCount' },
  ArticleEdge: { count: 'cursor', identity: 'node served' },
  PageInfo: { count: 'startCursor endCursor hasNextPage hasPreviousPage' },
  Served: { identity: 'resolution translation', notice: 'notices tombstone' },
  LocaleResolution: { registry: 'reason requested requestedEdition served tried' },
  Tombstone: { identity: 'id kind retractedAt scope replacedBy', notice: 'note text' },
  Translation: {
    identity: 'id edition lang script direction isOriginal revision publishedAt publishedAtText updatedAt updatedAtText expiresAt related',
    headline: 'headline slug url kicker',
    text: 'dek body wordCount readingMinutes',
    image: 'image',
    credit: 'byline creditLine credits',
    notice: 'origin significance',
    staleness: 'staleness missed',
    audit: 'revisions revisionDiff',
    partner: 'omitted',
  },
  MissedRevision: { staleness: 'edition revision significance publishedAt note changedBlocks changedWords' },
  Body: { text: 'blocks html markdown text' },
  ParagraphBlock: { text: 'key spans' },
  HeadingBlock: { text: 'key level spans' },
  QuoteBlock: { text: 'key spans attribution' },
  ListBlock: { text: 'key ordered items' },
  ListItem: { text: 'spans' },
  TableBlock: { text: 'key caption header rows' },
  TableRow: { text: 'cells' },
  TableCell: { text: 'spans' },
  ImageBlock: { text: 'key', image: 'image' },
  AudioBlock: { text: 'key url title duration captions' },
  VideoBlock: { text: 'key url title duration captions', image: 'poster' },
  EmbedBlock: { text: 'key provider url title fallback' },
  RelatedBlock: { text: 'key', identity: 'translations' },
  Captions: { text: 'lang url' },
  Span: { text: 'text strong em href lang direction' },
  Image: { image: 'alt caption lang direction focalX focalY rendition renditions', credit: 'creditLine' },
  Rendition: { image: 'ratio width height url contentType' },
  Credit: { credit: 'role scope name lang person agency' },
  CreditedParty: { credit: 'role person agency' },
  Notice: { notice: 'code kind placement mustCarry version text lang direction link image' },
  NoticeLink: { notice: 'text url' },
  // What desks work on.
  ArticleFacts: { draft: 'articleId homeEdition kind urgency image topics people places agencies version', credit: 'credits' },
  DraftText: {
    draft:
      'id articleId edition headline dek body state significance origin note changeNote author reviewer savedAt scheduledFor version basis dropped',
    credit: 'credits',
  },
  SourceOfText: { draft: 'edition revision' },
  DroppedMatter: { draft: 'count what' },
  Published: { draft: 'id revision translation obligations dropped' },
  OpenObligation: { staleness: 'dueAt edition' },
  Confirmed: { draft: 'translations' },
  Embargo: { draft: 'articleId until' },
  Expiry: { draft: 'id until' },
  PreviewLink: { draft: 'url expiresAt' },
  Problem: { draft: 'articleId code field message offset presentRevision presentVersion' },
  Retracted: { draft: 'articleId scope editions left revision presentRevision image stories' },
  RetractionPreview: { draft: 'again claims drafts editions left scheduled scope stories' },
  XliffImport: { draft: 'draft reports' },
  XliffReport: { draft: 'detail reason taken unit' },
  // What was before, and who did it.
  RevisionConnection: paging,
  RevisionEdge: { count: 'cursor', audit: 'node' },
  Revision: {
    audit: 'number headline dek body significance origin note changeNote author reviewer tool basis publishedAt contentHash wordCount',
  },
  RetractedRevision: { audit: 'number kind note retractedAt' },
  RevisionDiff: { audit: 'blocks dek headline wordsChanged wordsDeleted wordsInserted' },
  BlockDiff: { audit: 'key change moved before after runs wordsChanged wordsDeleted wordsInserted' },
  TextDiff: { audit: 'runs wordsChanged wordsDeleted wordsInserted' },
  TextRun: { audit: 'kind text' },
  Event: {
    audit:
      'id seq cursor kind at articleId editionCode translationId revision significance scope image retraction reason sourceEditionCode sourceRevision dueAt embargoUntil expiresAt holder claimedUntil notice registryId registryVersion',
    partner: 'partner takedown',
  },
  EventPage: { audit: 'events endCursor hasMore' },
  AuditConnection: paging,
  AuditEdge: { count: 'cursor', audit: 'node' },
  AuditEntry: { audit: 'action articleId at caller callerId detail editionCode requestId' },
  // Partners, and who asks.
  Viewer: { partner: 'kind name roles partner' },
  EditionRole: { partner: 'edition role' },
  Partner: {
    partner: 'code name version active delaySeconds contacts entitlements holdings keys usage endpoints messages noticeDuties takedowns',
  },
  PartnerKey: { partner: 'id name ending test createdAt expiresAt revokedAt lastUsedAt' },
  HolderConnection: paging,
  HolderEdge: { count: 'cursor', partner: 'node' },
  Holder: { partner: 'code name partner holdings' },
  HoldingConnection: paging,
  HoldingEdge: { count: 'cursor', partner: 'node' },
  Holding: { partner: 'translationId articleId editionCode revision channel firstAt lastAt notices' },
  HeldNotice: { partner: 'code version' },
  TakedownConnection: paging,
  TakedownEdge: { count: 'cursor', partner: 'node' },
  TakedownOrder: {
    partner:
      'id partner articleId reason kind eventId editionCode revision image notice noticeVersion replacementId texts openedAt dueAt overdue state action url note settledAt settledBy escalatedAt',
  },
  TakedownText: { partner: 'translationId editionCode revision channel firstAt lastAt' },
  AcknowledgedTakedown: { partner: 'takedown' },
  NoticeDuty: { partner: 'partner notice version state toldAt acknowledgedAt acknowledgedBy' },
  AcknowledgedNotice: { partner: 'duties' },
  PartnerUsage: { partner: 'day channel requests notModified refused items bytes' },
  PartnerContact: { partner: 'name email role' },
  Entitlement: {
    partner: 'id version editions topics kinds excludedAgencies territories level images machine early validFrom validUntil',
  },
  Endpoint: {
    partner:
      'id version partner editionCode url description topics editions payload format document variables concurrency state disabledBecause failingSince notBefore formerSecretUntil createdAt counts deliveries',
  },
  DeliveryCounts: { partner: 'pending delivered failed superseded nothing' },
  DeliveryConnection: paging,
  DeliveryEdge: { count: 'cursor', partner: 'node' },
  Delivery: {
    partner:
      'messageId eventSeq topic sequence state attempts nextAt createdAt settledAt lastAttemptAt lastStatus lastError lastAnswer lastLatencyMs',
  },
  PartnerMessage: { partner: 'code text at endpointId' },
  SavedEndpoint: { partner: 'endpoint secret' },
  DeletedEndpoint: { partner: 'endpointId' },
  TestEvent: { partner: 'messageId' },
  Replayed: { partner: 'again added' },
  SavedPartner: { partner: 'partner' },
  PartnerAccess: { partner: 'allowed level images territories omitted reason' },
  OmittedPart: { partner: 'part image reason' },
  AccessExplanation: { partner: 'access trace' },
  AccessStep: { partner: 'rule subject entitlement failed deciding' },
  EntitlementPreview: { partner: 'at adds takesAway examined complete' },
  AccessDifferences: { partner: 'count newest' },
  AccessDifference: { partner: 'translationId before after' },
  // How the gateway is set.
  EditionSettings: { operator: 'articleUrl formerArticleUrls searchConfig staleNotices' },
  RegistryImage: {
    operator: 'code version focalX focalY renditions wordings redistribution redistributionTerritories retractedAt',
    credit: 'credits',
  },
  ImageWordingOfEdition: { operator: 'edition version alt caption' },
  RegistryNotice: {
    operator:
      'code version kind placement mustCarry position wording values legalLanguage territories excludedTerritories editions channels effectiveFrom effectiveUntil linkUrl linkWording imageCode',
  },
  NoticeValue: { operator: 'name value' },
  // What is the same for everybody.
  Edition: {
    registry:
      'id code tag desk active primary htmlLang hreflang script direction nativeName publisherName region calendar numberingSystem formatLocale timeZone siteUrl equivalents fallbacks label labels version',
    operator: 'settings',
  },
  Label: { registry: 'key text' },
  Name: { registry: 'text lang direction' },
  Topic: named,
  Person: named,
  Place: named,
  Agency: { ...named, operator: 'redistribution redistributionTerritories' },
};

/** What a field is information about; undefined for one that nobody has classed. */
export function classOf(type: string, field: string): InformationClass | undefined {
  const classes = Object.entries(classesOfFields[type] ?? {}) as [InformationClass, string][];
  return classes.find(([, fields]) => fields.split(' ').includes(field))?.[0];
}
