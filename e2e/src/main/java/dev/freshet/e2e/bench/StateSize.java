package dev.freshet.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ConfigOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.OptionsUtil;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** What the state of streams takes on disk once RocksDB has thrown away what is overwritten. */
final class StateSize {
    private static final String IN_EVERY_STORE = "CURRENT";

    private StateSize() {}

    static void measure(Trial trial, Values values) throws Exception {
        trial.awaitTakenIn();
        trial.deployment().stop(Deployment.Part.STREAMS);
        Path state = trial.deployment().config().streams().requireStateDir();
        long orders = trial.number("SELECT count(*) FROM orders");
        values.add("stateBytesPerOrderUncompacted", (double) tables(state) / orders);
        for (Path store : stores(state)) {
            compact(store);
        }
        values.add("stateBytesPerOrder", (double) tables(state) / orders);
        trial.deployment().start(Deployment.Part.STREAMS);
    }

    private static List<Path> stores(Path state) throws IOException {
        try (Stream<Path> files = Files.walk(state)) {
            return files.filter(file -> file.getFileName().toString().equals(IN_EVERY_STORE))
                    .map(Path::getParent)
                    .toList();
        }
    }

    /** With the options that it was written with. */
    private static void compact(Path store) throws RocksDBException {
        RocksDB.loadLibrary();
        List<ColumnFamilyDescriptor> families = new ArrayList<>();
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (ConfigOptions config = new ConfigOptions();
                DBOptions options = new DBOptions()) {
            OptionsUtil.loadLatestOptions(config, store.toString(), options, families);
            try (RocksDB database = RocksDB.open(options, store.toString(), families, handles)) {
                for (ColumnFamilyHandle family : handles) {
                    database.compactRange(family);
                }
                handles.forEach(ColumnFamilyHandle::close);
            }
        }
    }

    private static long tables(Path state) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(state)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".sst")).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}
