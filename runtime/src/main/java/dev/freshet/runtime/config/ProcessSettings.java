package dev.freshet.runtime.config;

/** What each process does in its own way, what is done beside them, and how they are watched. */
public record ProcessSettings(
        IngestSettings ingest,
        StreamsSettings streams,
        SinkSettings sink,
        ServingSettings serving,
        ReconcileSettings reconcile,
        MonitoringSettings monitoring) {}
