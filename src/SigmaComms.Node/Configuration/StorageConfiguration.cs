using System.Text.Json;

namespace SigmaComms.Node.Configuration;

/// <summary>Where a node keeps the fragments of vaults.</summary>
/// <param name="Bucket">The bucket that keeps them; null: the node's own disk does.</param>
internal sealed record StorageConfiguration(BucketChoice? Bucket = null)
{
    /// <summary>Takes it from its object.</summary>
    public static StorageConfiguration Read(ConfigurationObject storage) =>
        new(storage.OptionalObject("bucket", BucketChoice.Read));

    /// <summary>Writes it, if there is something to write.</summary>
    public void Save(Utf8JsonWriter writer)
    {
        if (this == new StorageConfiguration())
        {
            return;
        }

        writer.WriteStartObject("storage");
        Bucket?.Write(writer);
        writer.WriteEndObject();
    }
}
