// What the bot sends to Slack, by Slack's own types.
import type { HomeView, KnownBlock, ModalView } from "@slack/types";
import type { Manifest as AppManifest } from "@slack/web-api/dist/types/request/manifest";

export interface Sent {
  blocks: KnownBlock[];
  modal: ModalView;
  home: HomeView;
  manifest: AppManifest;
}
