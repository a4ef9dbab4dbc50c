using System.Text.Json;
using SigmaComms.Cluster.Storage;
using SigmaComms.Cluster.Storage.Repair;

namespace SigmaComms.Node.Configuration;

/// <summary>Where and how a node keeps the fragments of vaults: "storage" in node.json.</summary>
/// <param name="Bucket">The bucket that keeps them; null: the node's own disk does.</param>
/// <param name="VolumeMiB">The size of each volume on the disk.</param>
/// <param name="CapacityGiB">The size of all volumes; 0: it keeps none; null: what the disk has.</param>
/// <param name="RepairAfterSeconds">How long a node may be down before what it holds is rebuilt elsewhere.</param>
internal sealed record StorageConfiguration(
    BucketChoice? Bucket = null,
    int VolumeMiB = StorageConfiguration.VolumeUsual,
    int? CapacityGiB = null,
    int RepairAfterSeconds = StorageConfiguration.RepairAfterUsual)
{
    private const int VolumeUsual = 1_024;
    private const int RepairAfterUsual = 60;
    private const int RepairAfterMax = 604_800;
    private const int CapacityMax = 1 << 20;
    private const int NoCapacity = -1;

    /// <summary>The node's options for its disk.</summary>
    public StorageOptions Options => new()
    {
        VolumeBytes = (long)VolumeMiB << 20,
        CapacityBytes = CapacityGiB is { } capacity ? (long)capacity << 30 : null,
    };

    /// <summary>The node's options for its repair.</summary>
    public RepairOptions RepairOptions => new() { DownGrace = TimeSpan.FromSeconds(RepairAfterSeconds) };

    /// <summary>Takes it from its object.</summary>
    public static StorageConfiguration Read(ConfigurationObject storage)
    {
        int volume = storage.Number("volumeMiB", 16, 65_536, VolumeUsual);
        int capacity = storage.Number("capacityGiB", 0, CapacityMax, NoCapacity);
        return new StorageConfiguration(
            storage.OptionalObject("bucket", BucketChoice.Read),
            volume,
            capacity == NoCapacity ? null : capacity,
            storage.Number("repairAfterSeconds", 1, RepairAfterMax, RepairAfterUsual));
    }

    /// <summary>Writes it, if there is something to write.</summary>
    public void Save(Utf8JsonWriter writer)
    {
        if (this == new StorageConfiguration())
        {
            return;
        }

        writer.WriteStartObject("storage");
        Bucket?.Write(writer);
        if (VolumeMiB != VolumeUsual)
        {
            writer.WriteNumber("volumeMiB", VolumeMiB);
        }

        if (CapacityGiB is { } capacity)
        {
            writer.WriteNumber("capacityGiB", capacity);
        }

        if (RepairAfterSeconds != RepairAfterUsual)
        {
            writer.WriteNumber("repairAfterSeconds", RepairAfterSeconds);
        }

        writer.WriteEndObject();
    }
}
