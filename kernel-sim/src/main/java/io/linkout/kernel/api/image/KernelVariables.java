package io.linkout.kernel.api.image;

import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.personality.Personality;
import io.linkout.kernel.personality.StructLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Variables of the kernel that modules' inline code reads: one CPU, one node, four-level page
 * tables without KASLR.
 */
public final class KernelVariables {
  /** vmemmap without KASLR: where the array of struct page would be; nothing is mapped there. */
  private static final long VMEMMAP = 0xffffea0000000000L;

  private final KernelImage image;
  private final GuestMemory memory;
  private final StructLayout layout;

  private KernelVariables(KernelImage image, GuestMemory memory, StructLayout layout) {
    this.image = image;
    this.memory = memory;
    this.layout = layout;
  }

  /** Provides them all. */
  public static void declare(
      KernelImage image, GuestMemory memory, Personality personality, int[] features) {
    KernelVariables v = new KernelVariables(image, memory, personality.layout());
    v.declareMemoryMap();
    v.declareProcessors();
    v.declareProcessorFacts(features);
    v.declareSwitches();
    v.declareOpaque();
  }

  private void declareMemoryMap() {
    word("page_offset_base", Licence.ANY, GuestLayout.DIRECT_MAP);
    word("vmalloc_base", Licence.ANY, GuestLayout.VMALLOC);
    word("vmemmap_base", Licence.ANY, VMEMMAP);
    word("phys_base", Licence.ANY, 0);
    word("high_memory", Licence.ANY, GuestLayout.DIRECT_MAP + 0x100000000L);
    image.data().variable("empty_zero_page", Licence.ANY, GuestLayout.PAGE);
    word("sme_me_mask", Licence.ANY, 0);
    word("__supported_pte_mask", Licence.GPL, -1L);
  }

  private void declareProcessors() {
    int bits = layout.of("NR_CPUS");
    image.data().variable("__per_cpu_offset", Licence.ANY, 8L * bits);
    memory.writeLong(image.symbols().address("__per_cpu_offset"), GuestLayout.PERCPU);
    memory.writeLong(image.percpu().variable("this_cpu_off", Licence.ANY, 8), GuestLayout.PERCPU);
    image.percpu().variable("cpu_number", Licence.ANY, 4);
    word("nr_cpu_ids", Licence.ANY, 1);
    word("nr_node_ids", Licence.ANY, 1);
    word("__num_online_cpus", Licence.ANY, 1);
    for (String name :
        List.of(
            "__cpu_possible_mask",
            "__cpu_online_mask",
            "__cpu_present_mask",
            "__cpu_active_mask")) {
      memory.writeLong(image.data().variable(name, Licence.ANY, bits / 8), 1);
    }
    declareSingleBitMasks(bits);
    byte[] all = new byte[bits / 8];
    java.util.Arrays.fill(all, (byte) 0xff);
    image.data().constant("cpu_all_bits", Licence.ANY, all);
    image.percpu().variable("numa_node", Licence.ANY, 4);
    image.percpu().variable("x86_cpu_to_apicid", Licence.ANY, 2);
    image.percpu().variable("x86_bios_cpu_apicid", Licence.ANY, 2);
  }

  /** cpu_bit_bitmap: row n + 1 begins with bit n, so that a pointer into it is any CPU's mask. */
  private void declareSingleBitMasks(int bits) {
    byte[] rows = new byte[65 * bits / 8];
    for (int bit = 0; bit < 64; bit++) {
      rows[(bit + 1) * bits / 8 + bit / 8] |= (byte) (1 << bit % 8);
    }
    image.data().constant("cpu_bit_bitmap", Licence.GPL, rows);
  }

  private void declareProcessorFacts(int[] features) {
    int size = layout.of("sizeof.cpuinfo_x86");
    long boot = image.data().poisoned("boot_cpu_data", Licence.ANY, size);
    fillProcessor(boot, features);
    long own = image.percpu().variable("cpu_info", Licence.ANY, size);
    image.data().fillPoison(own, size, "cpu_info");
    fillProcessor(own, features);
    word("boot_option_idle_override", Licence.ANY, 0);
    word("cpu_khz", Licence.ANY, 1_000_000);
    word("tsc_khz", Licence.ANY, 1_000_000);
    word("loops_per_jiffy", Licence.ANY, 4_000_000);
  }

  private void fillProcessor(long address, int[] features) {
    GuestStruct cpu = new GuestStruct(memory, layout, "cpuinfo_x86", address);
    memory.writeByte(cpu.at("x86"), 6);
    memory.writeByte(cpu.at("x86_vendor"), 0xff);
    memory.writeByte(cpu.at("x86_model"), 1);
    memory.writeByte(cpu.at("x86_stepping"), 1);
    memory.writeByte(cpu.at("x86_virt_bits"), 48);
    memory.writeByte(cpu.at("x86_phys_bits"), 46);
    memory.writeInt(cpu.at("cpuid_level"), 7);
    int words = layout.of("NCAPINTS") + layout.of("NBUGINTS");
    for (int i = 0; i < words; i++) {
      memory.writeInt(cpu.at("x86_capability") + 4L * i, i < features.length ? features[i] : 0);
    }
    memory.write(cpu.at("x86_vendor_id"), text("Linkout", 16));
    memory.write(cpu.at("x86_model_id"), text("Linkout emulated CPU", 64));
    memory.writeInt(cpu.at("x86_cache_size"), 4096);
    memory.writeInt(cpu.at("x86_cache_alignment"), 64);
    memory.writeLong(cpu.at("loops_per_jiffy"), 4_000_000);
    // 6.8 moved most of the topology elsewhere
    for (String one : new String[] {"x86_max_cores", "booted_cores"}) {
      if (layout.has("cpuinfo_x86." + one)) {
        memory.writeShort(cpu.at(one), 1);
      }
    }
    memory.writeShort(cpu.at("x86_clflush_size"), 64);
    memory.writeShort(cpu.at("cpu_index"), 0);
  }

  private static byte[] text(String text, int size) {
    return java.util.Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), size);
  }

  private void declareSwitches() {
    word("fips_enabled", Licence.GPL, 0);
    word("panic_timeout", Licence.GPL, 0);
    word("oops_in_progress", Licence.ANY, 0);
    word("system_state", Licence.ANY, 3); // SYSTEM_RUNNING
    word("console_printk", Licence.GPL, 0);
    word("debug_locks", Licence.GPL, 0);
    word("debug_locks_silent", Licence.GPL, 0);
    word("rcu_cpu_stall_suppress", Licence.GPL, 0);
    word("rcu_scheduler_active", Licence.GPL, 2);
  }

  /** Static keys of the kernel, all off, and structures that only their address is used of. */
  private void declareOpaque() {
    int key = layout.of("sizeof.static_key");
    for (String name :
        List.of(
            "hugetlb_optimize_vmemmap_key",
            "devmap_managed_key",
            "memalloc_socks_key",
            "memcg_kmem_enabled_key",
            "memcg_sockets_enabled_key",
            "init_on_alloc",
            "init_on_free")) {
      image.data().variable(name, Licence.GPL, key);
    }
    for (String name : List.of("init_pid_ns", "init_uts_ns", "init_user_ns")) {
      image.data().poisoned(name, Licence.GPL, 512);
    }
  }

  private void word(String name, Licence licence, long value) {
    memory.writeLong(image.data().variable(name, licence, 8), value);
  }
}
