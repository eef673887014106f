package io.linkout.kernel.api.life;

import io.linkout.kernel.api.LoadImage;
import io.linkout.kernel.api.LoadImage.Segment;
import io.linkout.kernel.api.LoadImage.Table;
import io.linkout.kernel.api.LoadImage.TableKind;
import io.linkout.kernel.cpu.GuestLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A module whose segments are mapped. */
public final class GuestModule {
  /** Where it is in its life. */
  public enum State {
    /** Its init has not returned. */
    COMING,
    /** Its code may be called. */
    LIVE,
    /** Its exit runs, or has died. */
    GOING
  }

  private final LoadImage image;
  private final List<Segment> mapped = new ArrayList<>();
  private State state = State.COMING;
  private int guestReferences;

  /** A module of {@code image}, coming, nothing mapped. */
  GuestModule(LoadImage image) {
    this.image = image;
  }

  /** Returns what it was loaded from. */
  public LoadImage image() {
    return image;
  }

  /** Returns its name. */
  public String name() {
    return image.name();
  }

  /** Returns its load id. */
  public long loadId() {
    return image.loadId();
  }

  /** Returns where it is in its life. */
  public State state() {
    return state;
  }

  void state(State next) {
    state = next;
  }

  /** Returns what is mapped of it at the moment, per-CPU templates not among it. */
  public List<Segment> mapped() {
    return List.copyOf(mapped);
  }

  void addMapped(Segment segment) {
    mapped.add(segment);
  }

  void removeMapped(Segment segment) {
    mapped.remove(segment);
  }

  /** Returns references that guest code took and has not given back. */
  public int guestReferences() {
    return guestReferences;
  }

  void addReferences(int delta) {
    guestReferences += delta;
  }

  /** Returns the mapped segment that {@code address} lies in. */
  public Optional<Segment> segmentAt(long address) {
    for (Segment segment : mapped) {
      long end = segment.address() + segment.host().byteSize();
      if (GuestLayout.within(address, segment.address(), end)) {
        return Optional.of(segment);
      }
    }
    return Optional.empty();
  }

  /**
   * Returns {@code address} as {@code name+0xoff [name]} if it lies in what was ever mapped of it:
   * what was init code names nothing else here, whoever has the memory by now.
   */
  Optional<String> placeOf(long address) {
    for (Segment segment : image.segments()) {
      long end = segment.address() + segment.host().byteSize();
      if (segment.kind() != LoadImage.Kind.PERCPU
          && GuestLayout.within(address, segment.address(), end)) {
        return Optional.of(String.format("%s+0x%x [%s]", name(), address - base(), name()));
      }
    }
    return Optional.empty();
  }

  /** Returns true if {@code address} lies in its code. */
  public boolean executes(long address) {
    return segmentAt(address)
        .map(s -> s.kind() == LoadImage.Kind.TEXT || s.kind() == LoadImage.Kind.INIT_TEXT)
        .orElse(false);
  }

  /** Returns its first text byte, or its first mapped one if it has no text. */
  public long base() {
    return mapped.stream()
        .filter(s -> s.kind() == LoadImage.Kind.TEXT)
        .findFirst()
        .or(() -> mapped.stream().findFirst())
        .map(Segment::address)
        .orElse(0L);
  }

  /** Returns the table of that kind, if the image has one. */
  public Optional<Table> table(TableKind kind) {
    return image.tables().stream().filter(t -> t.kind() == kind && t.length() > 0).findFirst();
  }
}
