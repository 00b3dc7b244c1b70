package dev.freshet.runtime.monitoring;

import dev.freshet.runtime.lifecycle.Service;

/** A service that tells how it is, from before its start until after its end. */
public interface MonitoredService extends Service {
    Monitored monitored();
}
