// What the Custom Vision service answers, key for key: written by hand, as its paths are not in openapi.json.

export type Task = "Classification" | "ObjectDetection";
export type ClassificationType = "Multiclass" | "Multilabel";
export type TagKind = "Regular" | "Negative" | "GeneralProduct";
export type TrainingKind = "Regular" | "Advanced";

export interface Domain {
  readonly id: string;
  readonly name: string;
  readonly type: Task;
  readonly exportable: boolean;
  readonly enabled: boolean;
  readonly exportablePlatforms: readonly string[];
}

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly settings: ProjectSettings;
  readonly created: string;
  readonly lastModified: string;
  /** Empty where there is none. */
  readonly thumbnailUri: string;
}

export interface ProjectSettings {
  readonly domainId: string;
  /** null for detection. */
  readonly classificationType: ClassificationType | null;
}

export interface Tag {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly type: TagKind;
  readonly imageCount: number;
}

/** Fractions of the picture, from its top left corner. */
export interface BoundingBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface ImageTag {
  readonly tagId: string;
  readonly tagName: string;
}

export interface ImageRegion extends BoundingBox {
  readonly regionId: string;
  readonly tagId: string;
  readonly tagName: string;
}

export interface VisionImage {
  readonly id: string;
  readonly created: string;
  /** In pixels, of the original. */
  readonly width: number;
  readonly height: number;
  readonly resizedImageUri: string;
  readonly thumbnailUri: string;
  readonly originalImageUri: string;
  readonly tags: readonly ImageTag[] | null;
  readonly regions: readonly ImageRegion[] | null;
  readonly metadata: Readonly<Record<string, string>> | null;
}

export type ImageCreateStatus =
  | "OK"
  | "OKDuplicate"
  | "ErrorSource"
  | "ErrorImageFormat"
  | "ErrorImageSize"
  | "ErrorStorage"
  | "ErrorLimitExceed"
  | "ErrorTagLimitExceed"
  | "ErrorRegionLimitExceed"
  | "ErrorUnknown"
  | "ErrorNegativeAndRegularTagOnSameImage"
  | "ErrorImageDimensions"
  | "ErrorInvalidTag";

export interface ImageCreateResult {
  readonly sourceUrl: string;
  readonly status: ImageCreateStatus;
}

export interface ImageCreateSummary {
  readonly isBatchSuccessful: boolean;
  /** As many as were sent, in their order. */
  readonly images: readonly ImageCreateResult[];
}

export interface Region extends BoundingBox {
  readonly tagId: string;
}

export interface Iteration {
  readonly id: string;
  readonly name: string;
  readonly status: "Training" | "Completed" | "Failed";
  readonly created: string;
  readonly trainedAt: string | null;
  readonly exportable: boolean;
  readonly exportableTo: readonly string[];
  readonly trainingType: TrainingKind;
  readonly reservedBudgetInHours: number;
  readonly trainingTimeInMinutes: number;
  /** Empty where it is not published. */
  readonly publishName: string;
  readonly trainingErrorDetails: string | null;
}

/** How far a training is. */
export interface TrainingProgress {
  /** 0 to 1. */
  readonly share: number;
  readonly words: string;
  readonly startedAt: string | null;
  /** null where nobody can tell. */
  readonly secondsLeft: number | null;
}

interface Measured {
  readonly precision: number;
  readonly precisionStdDeviation: number;
  readonly recall: number;
  readonly recallStdDeviation: number;
  readonly averagePrecision: number | null;
}

export interface TagPerformance extends Measured {
  readonly id: string;
  readonly name: string;
}

export interface Performance extends Measured {
  readonly perTagPerformance: readonly TagPerformance[];
}

export interface Prediction {
  readonly probability: number;
  readonly tagId: string;
  readonly tagName: string | null;
  readonly boundingBox: BoundingBox | null;
}

/** What was told about a picture that this training had not seen. */
export interface ImagePerformance {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly imageUri: string;
  readonly thumbnailUri: string;
  readonly predictions: readonly Prediction[] | null;
  readonly tags: readonly ImageTag[] | null;
  readonly regions: readonly ImageRegion[] | null;
}

export interface ImagePrediction {
  readonly id: string;
  readonly iteration: string;
  readonly created: string;
  /** The likeliest first. */
  readonly predictions: readonly Prediction[];
}

export interface StoredPrediction extends ImagePrediction {
  readonly resizedImageUri: string;
  readonly thumbnailUri: string;
  readonly originalImageUri: string;
}

export interface PredictionToken {
  readonly session?: string | null;
  readonly continuation?: string | null;
  readonly maxCount?: number | null;
  readonly orderBy?: "Newest" | "Oldest" | null;
  readonly tags?: readonly { readonly id: string }[] | null;
  readonly iterationId?: string | null;
}

export interface PredictionPage {
  readonly token: PredictionToken;
  readonly results: readonly StoredPrediction[];
}

export interface ModelExport {
  readonly platform: string;
  readonly flavor: string | null;
  readonly status: "Exporting" | "Failed" | "Done";
  /** Empty until it is done. */
  readonly downloadUri: string;
}
