package dev.freshet.runtime.config;

/** What each of the three processes does in its own way, what is done beside them, and how they are watched. */
public record ProcessSettings(
        IngestSettings ingest,
        StreamsSettings streams,
        SinkSettings sink,
        ReconcileSettings reconcile,
        MonitoringSettings monitoring) {}
