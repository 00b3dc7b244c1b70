package dev.freshet.runtime.config;

/** What each of the three processes does in its own way, and what is done beside them. */
public record ProcessSettings(
        IngestSettings ingest, StreamsSettings streams, SinkSettings sink, ReconcileSettings reconcile) {}
