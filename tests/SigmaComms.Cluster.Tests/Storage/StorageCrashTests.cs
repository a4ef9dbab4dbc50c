using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Persistence.Fragments;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Tests.Storage;

/// <summary>The process dies between any two changes of disk and index, and mostly the power with it.</summary>
public sealed class StorageCrashTests
{
    private const int ScramblesPerPoint = 3;

    [Fact]
    public async Task After_a_death_at_any_change_what_was_acknowledged_is_there_and_the_store_goes_on()
    {
        int points = (await Life.RunAsync(new FaultyDisk(1), new InMemoryFragmentIndex(), null)).Changes;
        Assert.InRange(points, 30, 200);

        for (int point = 0; point < points; point++)
        {
            for (int scramble = point % 4 == 0 ? 0 : 1; scramble < ScramblesPerPoint; scramble++)
            {
                FaultyDisk disk = new((point * 100) + scramble);
                InMemoryFragmentIndex index = new();
                Life life = await Life.RunAsync(disk, index, point);
                disk.Plan = null;
                if (scramble == 0)
                {
                    disk.Kill();
                }
                else
                {
                    disk.Cut();
                }

                await life.CheckAsync(disk, index, $"point {point} scramble {scramble}", isIndexNew: false);
            }
        }
    }

    [Fact]
    public async Task After_a_death_at_any_change_and_the_loss_of_the_index_what_was_acknowledged_is_there()
    {
        int points = (await Life.RunAsync(new FaultyDisk(1), new InMemoryFragmentIndex(), null)).Changes;

        for (int point = 0; point < points; point++)
        {
            FaultyDisk disk = new(point);
            Life life = await Life.RunAsync(disk, new InMemoryFragmentIndex(), point);
            disk.Plan = null;
            disk.Cut();

            await life.CheckAsync(disk, new InMemoryFragmentIndex(), $"point {point}", isIndexNew: true);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_second_death_at_any_change_of_the_recovery_what_was_acknowledged_is_there(bool isIndexNew)
    {
        int points = (await Life.RunAsync(new FaultyDisk(1), new InMemoryFragmentIndex(), null)).Changes;
        int recoveries = 0;
        foreach (int point in (int[])[9, points / 2, points - 8])
        {
            bool wasCutShort = true;
            for (int second = 0; wasCutShort; second++)
            {
                FaultyDisk disk = new(point);
                InMemoryFragmentIndex index = new();
                Life life = await Life.RunAsync(disk, index, point);
                disk.Plan = null;
                disk.Cut();
                index = isIndexNew ? new InMemoryFragmentIndex() : index;
                wasCutShort = await life.RecoverAsync(disk, index, second);
                disk.Plan = null;
                disk.Cut();
                recoveries++;

                await life.CheckAsync(disk, index, $"points {point}, {second}", isIndexNew);
            }
        }

        Assert.InRange(recoveries, 6, 200);
    }

    /// <summary>
    /// What the volumes had not synced is lost, what SQLite wrote is all there, or the end of its log is torn off up to
    /// what it had synced before: the index must never name what is not in the volumes, nor lack what was acknowledged.
    /// </summary>
    [Fact]
    public async Task With_the_real_index_what_was_acknowledged_is_there_after_a_death_at_any_change()
    {
        DirectoryInfo folder = System.IO.Directory.CreateTempSubdirectory("sigma-crash-");
        try
        {
            int seed = Environment.TickCount;
            Random random = new(seed);
            int points = (await Life.RunAsync(new FaultyDisk(1), new InMemoryFragmentIndex(), null)).Changes;
            for (int point = 0; point < points; point++)
            {
                FaultyDisk disk = new(point);
                TornIndex torn = new(Path.Combine(folder.FullName, $"{point}"));
                Life life;
                using (torn.Open())
                {
                    life = await Life.RunAsync(disk, torn.Index, point, torn.Note);
                    torn.TearOff(random, life.DiedInIndex);
                }

                disk.Plan = null;
                disk.Cut();
                using IFragmentIndex left = torn.OpenTorn();
                await life.CheckAsync(disk, left, $"seed {seed} point {point}", isIndexNew: false);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Puts and deletes until the process dies, and what was acknowledged of them.</summary>
    private sealed class Life
    {
        private readonly List<(FragmentLabel Label, byte[] Bytes)> _fragments =
            [.. new[] { 5_056, 64, 9_024, 4_096, 12_800 }.Select((length, i) => SimStorage.Fragment(length, i))];

        private readonly Dictionary<FragmentId, bool?> _isThere = [];
        private bool _isDead;

        public int Changes { get; private set; }

        /// <summary>Whether it died before or after a change of the index, and not of the disk.</summary>
        public bool DiedInIndex { get; private set; }

        public static async Task<Life> RunAsync(
            FaultyDisk disk, IFragmentIndex index, int? dieAt, Action<FaultyDisk>? onIndex = null)
        {
            Life life = new();
            await using SimStorage storage = life.Begin(disk, index, dieAt, onIndex);
            life.Run(storage);
            return life;
        }

        /// <summary>Begins anew, and dies again.</summary>
        /// <returns>Whether it died.</returns>
        public async Task<bool> RecoverAsync(FaultyDisk disk, IFragmentIndex index, int dieAt)
        {
            (Changes, _isDead) = (0, false);
            await using SimStorage storage = Begin(disk, index, dieAt, null);
            storage.System.Advance(TimeSpan.FromMilliseconds(100));
            return _isDead;
        }

        private SimStorage Begin(FaultyDisk disk, IFragmentIndex index, int? dieAt, Action<FaultyDisk>? onIndex)
        {
            void Change()
            {
                onIndex?.Invoke(disk);
                DiedInIndex |= !_isDead && dieAt == Changes;
                _isDead |= dieAt == Changes++;
                if (_isDead)
                {
                    throw new PowerCutException();
                }
            }

            disk.Plan = (operation, _) =>
            {
                bool isChange = operation is not (DiskOperation.Open or DiskOperation.Read);
                _isDead |= isChange && dieAt == Changes;
                Changes += isChange ? 1 : 0;
                return _isDead ? DiskFault.PowerCut : DiskFault.None;
            };
            return new SimStorage(disk, new DyingIndex(index, Change));
        }

        public async Task CheckAsync(FaultyDisk disk, IFragmentIndex index, string point, bool isIndexNew)
        {
            await using SimStorage storage = new(disk, index);
            storage.System.Advance(TimeSpan.FromSeconds(2));
            foreach ((FragmentLabel Label, byte[] Bytes) fragment in _fragments)
            {
                StoreStatus status = storage.Get(fragment);
                bool isRight = _isThere.GetValueOrDefault(fragment.Label.Id, false) switch
                {
                    true => status == StoreStatus.Done,
                    false when !isIndexNew => status == StoreStatus.NotFound,
                    null when !isIndexNew => status is StoreStatus.Done or StoreStatus.NotFound,

                    // Without the index, what was dropped and not erased yet comes back, and so does what was half
                    // written; but its bytes are never given out then.
                    _ => status is StoreStatus.Done or StoreStatus.NotFound or StoreStatus.Corrupt,
                };
                Assert.True(isRight, $"{point}: {fragment.Label.Length} is {status}");
            }

            (FragmentLabel Label, byte[] Bytes) another = SimStorage.Fragment(20_032, 99);
            Assert.Equal(StoreStatus.Done, storage.Put(another));
            Assert.Equal(StoreStatus.Done, storage.Get(another));
        }

        private void Run(SimStorage storage)
        {
            Put(storage, 0);
            Put(storage, 1);
            Advance(storage);
            Delete(storage, 0);
            Put(storage, 2);
            PutTogether(storage, 3, 4);
            Delete(storage, 2);
            Put(storage, 0);
            Advance(storage);
        }

        private void Put(SimStorage storage, int which)
        {
            if (!_isDead)
            {
                _isThere[_fragments[which].Label.Id] = null;
                Note(which, storage.Put(_fragments[which]), isThere: true);
            }
        }

        private void PutTogether(SimStorage storage, int first, int second)
        {
            if (!_isDead)
            {
                _isThere[_fragments[first].Label.Id] = null;
                _isThere[_fragments[second].Label.Id] = null;
                Task<StoreStatus>[] puts =
                [
                    .. new[] { first, second }.Select(which => storage.Store.PutAsync(
                        _fragments[which].Label, _fragments[which].Bytes, CancellationToken.None).AsTask()),
                ];
                StoreStatus[] answers = storage.System.Await(Task.WhenAll(puts));
                Note(first, answers[0], isThere: true);
                Note(second, answers[1], isThere: true);
            }
        }

        private void Delete(SimStorage storage, int which)
        {
            if (!_isDead)
            {
                _isThere[_fragments[which].Label.Id] = null;
                Note(which, storage.Delete(_fragments[which]), isThere: false);
            }
        }

        private void Advance(SimStorage storage)
        {
            if (!_isDead)
            {
                storage.System.Advance(TimeSpan.FromSeconds(5));
            }
        }

        private void Note(int which, StoreStatus answer, bool isThere)
        {
            if (answer == StoreStatus.Done)
            {
                _isThere[_fragments[which].Label.Id] = isThere;
            }
            else
            {
                Assert.True(_isDead, $"{answer} though nothing died");
            }
        }
    }
}
