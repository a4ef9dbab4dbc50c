using SigmaComms.Cluster.Storage.Volumes;
using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>The room of all volumes: where a slot goes, and when another volume is needed.</summary>
internal sealed class VolumeShelf(TimeProvider time)
{
    private static readonly TimeSpan StopLength = TimeSpan.FromSeconds(30);

    private readonly SortedDictionary<int, VolumeSpace> _spaces = [];
    private readonly Dictionary<int, long> _stoppedAt = [];

    /// <summary>Bytes of all volumes.</summary>
    public long VolumeBytes => _spaces.Values.Sum(space => space.SizeBytes);

    /// <summary>Bytes that no slot has.</summary>
    public long FreeBytes => _spaces.Values.Sum(space => space.FreeBytes);

    /// <summary>Bytes that slots may have, in the volumes there are.</summary>
    public long UsableBytes => _spaces.Values.Sum(space => space.SizeBytes - VolumeSpace.OverheadBytes);

    /// <summary>How many volumes there are.</summary>
    public int Count => _spaces.Count;

    /// <summary>The number of the next volume; higher than that of any file there is or was.</summary>
    public int NextNumber { get; private set; } = 1;

    public void Add(VolumeSpace space)
    {
        _spaces[space.Number] = space;
        Reserve(space.Number);
    }

    /// <summary>A number is not given again.</summary>
    public void Reserve(int number) => NextNumber = Math.Max(NextNumber, checked(number + 1));

    public VolumeSpace? Find(int number) => _spaces.GetValueOrDefault(number);

    /// <summary>The volume takes nothing for a while.</summary>
    public void Stop(int number) => _stoppedAt[number] = time.GetTimestamp();

    /// <summary>Whether the volume takes nothing now.</summary>
    public bool IsStopped(int number) =>
        _stoppedAt.TryGetValue(number, out long at) && time.GetElapsedTime(at) < StopLength;

    /// <summary>Sets room aside for a slot, in the first volume that has some and is served.</summary>
    /// <param name="sizeBytes">Bytes of the slot.</param>
    /// <param name="isServed">Whether a volume takes slots.</param>
    /// <returns>Null if there is none.</returns>
    public FragmentPlace? Take(int sizeBytes, Func<int, bool> isServed)
    {
        foreach (VolumeSpace space in _spaces.Values)
        {
            if (!IsStopped(space.Number) && isServed(space.Number) && space.Take(sizeBytes) is { } place)
            {
                return place;
            }
        }

        return null;
    }

    /// <summary>Nothing is in a slot.</summary>
    /// <param name="place">The slot.</param>
    /// <param name="isWritten">Whether there are surely other bytes in it than zeros.</param>
    public void Free(FragmentPlace place, bool isWritten)
    {
        if (Find(place.Volume) is not { } space)
        {
            return;
        }

        if (isWritten || space.IsFilled)
        {
            space.Free(place);
        }
        else
        {
            space.FreeRaw(place);
        }
    }
}
