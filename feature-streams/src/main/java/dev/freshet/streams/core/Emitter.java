package dev.freshet.streams.core;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.feature.FeatureUpdate;

/** Where emissions go, in order. */
public interface Emitter {

    /** A row or a removal of a user. */
    void emit(Id user, FeatureUpdate update);

    /** Nothing is to be left of what was emitted of the user, who is gone: a null, behind the removal. */
    void erase(Id user);

    /** How far the partition is complete; after everything it covers. */
    void emit(FeatureUpdate.Watermark watermark);
}
